package dev.keyturn.upstream;

import java.util.Optional;

/** What an identity provider says of a person for display. */
record Profile(Optional<String> name, Optional<String> email, boolean emailVerified) {
  private static final int MAX_LENGTH = 320;

  Profile {
    name = name.filter(Profile::isShowable);
    email = email.filter(Profile::isShowable);
  }

  private static boolean isShowable(String text) {
    return !text.isBlank()
        && text.length() <= MAX_LENGTH
        && text.codePoints().noneMatch(Character::isISOControl);
  }
}
