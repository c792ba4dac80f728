/**
 * Which partition an account's events lie on. Depends on nothing of ours; stateless and thread-safe.
 */
@NullMarked
package io.outrider.core.partition;

import org.jspecify.annotations.NullMarked;
