/**
 * The node's shared scorer: models loaded once and shared as immutable snapshots, and the fold that entities apply.
 * Implements {@code protocol}'s {@code AccountFold}; called by {@code entity}. The scorer is thread-safe, an account
 * belongs to its entity.
 */
@NullMarked
package io.outrider.detection.scoring;

import org.jspecify.annotations.NullMarked;
