package dev.keyturn.given;

import dev.keyturn.http.Language;
import dev.keyturn.http.Messages;
import java.util.HashMap;
import java.util.regex.Pattern;

/**
 * English that runs from right to left, as Arabic would: who can read it sees at once what a page
 * does not mirror.
 */
public final class RightToLeft {
  /** Its tag; the region of pseudo-locales is {@code XB}. */
  public static final String TAG = "ar-XB";

  private static final Pattern WORD = Pattern.compile("\\{[0-9]}|[^\\s{]+");
  private static final String OVERRIDE = "\u200F\u202E";
  private static final String END = "\u202C\u200F";

  private RightToLeft() {}

  /** The language, for a list of languages. */
  public static Language language() {
    return new Language(TAG, "rtl", concept -> mirrored(Language.all().get(0).messages(concept)));
  }

  private static Messages mirrored(Messages english) {
    var texts = new HashMap<>(english.texts());
    texts.replaceAll((key, text) -> mirrored(text));
    return new Messages(texts);
  }

  private static String mirrored(String text) {
    return WORD.matcher(text)
        .replaceAll(
            word -> word.group().startsWith("{") ? word.group() : OVERRIDE + word.group() + END);
  }
}
