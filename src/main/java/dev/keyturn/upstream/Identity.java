package dev.keyturn.upstream;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Who somebody is, in the words of an identity provider.
 *
 * @param subject the {@code sub} of our tokens
 * @param account the provider's own subject
 * @param name what the person is called there
 * @param email a claim for display; it links nothing
 * @param emailVerified whether the provider vouches for {@code email}
 * @param authenticatedAt when the person last proved to be it
 * @param acr how strongly, in the provider's words
 * @param amr by which means, in the provider's words
 */
public record Identity(
    String subject,
    String account,
    Optional<String> name,
    Optional<String> email,
    boolean emailVerified,
    Optional<Instant> authenticatedAt,
    Optional<String> acr,
    List<String> amr) {
  public Identity {
    amr = List.copyOf(amr);
  }

  /** Somebody of whom nothing but the name there is known. */
  static Identity of(Subject subject) {
    return new Identity(
        subject.wire(),
        subject.value(),
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** The same person with {@code profile} for display. */
  Identity with(Profile profile) {
    return new Identity(
        subject,
        account,
        profile.name().or(() -> name),
        profile.email().or(() -> email),
        profile.email().isPresent() ? profile.emailVerified() : emailVerified,
        authenticatedAt,
        acr,
        amr);
  }

  /** Shows the opaque subject and no claim. */
  @Override
  public String toString() {
    return "Identity[subject=" + subject + "]";
  }
}
