/**
 * The commands that put models in force and take them out of it: over a node's API, or on the lake itself. Run on the
 * caller's thread.
 */
@NullMarked
package io.outrider.app.rollout;

import org.jspecify.annotations.NullMarked;
