/**
 * The admission webhook: what the schema cannot say is refused before it is stored.
 *
 * <p>{@link dev.keyturn.operator.admission.AdmissionVerticle} owns the socket and its certificate.
 * A review is read defensively, since whoever reaches the socket can send one; what is never
 * checked is allowed at once. For the rest the API server is asked whether the requester may see
 * the Secrets that are named, then for what stands around, and the rules judge. Nothing is written
 * anywhere, and a doubt is a refusal.
 */
@NullMarked
package dev.keyturn.operator.admission;

import org.jspecify.annotations.NullMarked;
