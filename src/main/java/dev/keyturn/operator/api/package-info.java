/**
 * The resources {@code MCPExternalAuthConfig} and {@code MCPServer} of {@code keyturn.dev/v1beta1}
 * as records: one component per field, with the field's own name.
 *
 * <p>Their shape and their rules are the schemas in {@code deploy/crds}, which the API server
 * enforces; a test compares both, field by field. Nothing is judged here.
 */
@NullMarked
package dev.keyturn.operator.api;

import org.jspecify.annotations.NullMarked;
