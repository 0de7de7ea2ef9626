package dev.keyturn.app;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The file that {@code --config} names, and what is wrong with it as a file. */
final class ConfigurationFile {
  private ConfigurationFile() {}

  static String read(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (CharacterCodingException e) {
      throw new IOException("the configuration " + file + " is not UTF-8 text", e);
    } catch (IOException e) {
      var why = Files.isDirectory(file) ? "is a directory" : "cannot be read";
      throw new IOException("the configuration " + file + " " + why, e);
    }
  }
}
