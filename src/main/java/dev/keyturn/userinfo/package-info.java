/** The userinfo endpoint of OpenID Connect. */
@NullMarked
package dev.keyturn.userinfo;

import org.jspecify.annotations.NullMarked;
