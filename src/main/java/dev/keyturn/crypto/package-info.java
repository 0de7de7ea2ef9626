/**
 * Keys at work: the provider that computes, message authentication, sealing.
 *
 * <p>Which keys there are, and until when, is the business of the packages above.
 */
@NullMarked
package dev.keyturn.crypto;

import org.jspecify.annotations.NullMarked;
