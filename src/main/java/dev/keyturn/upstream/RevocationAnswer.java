package dev.keyturn.upstream;

/**
 * What a provider made of a token that was given back.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7009#section-2.2">RFC 7009, section 2.2</a>
 */
public enum RevocationAnswer {
  /** It is worthless from now on, or was so before. */
  REVOKED,
  /** The provider takes nothing back. */
  NOT_OFFERED,
  /** The provider did not do it, and will not do it another time. */
  REFUSED
}
