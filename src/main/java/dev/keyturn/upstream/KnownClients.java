package dev.keyturn.upstream;

import java.util.List;

/**
 * The clients that Keyturn is at one provider by now.
 *
 * @param current who begins logins; {@link Credentials#NOBODY} if there is none
 * @param others those of before, who renew what they were given
 */
record KnownClients(Credentials current, List<Credentials> others) {
  static final KnownClients NONE = new KnownClients(Credentials.NOBODY, List.of());

  KnownClients {
    others = List.copyOf(others);
  }
}
