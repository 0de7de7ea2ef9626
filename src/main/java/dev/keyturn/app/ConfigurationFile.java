package dev.keyturn.app;

import dev.keyturn.secrets.Disk;
import dev.keyturn.secrets.SecretFiles;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The file that {@code --config} names, and what is wrong with it as a file. */
record ConfigurationFile(Path file) implements ConfigurationPlace {
  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public String read() throws IOException {
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

  @Override
  public SecretFiles files() {
    return new Disk();
  }

  @Override
  public void close() {}
}
