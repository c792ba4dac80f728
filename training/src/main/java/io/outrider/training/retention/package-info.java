/**
 * How long what lies in the lake is kept: finds what is older and nothing refers to, and deletes it in an order that leaves a
 * readable lake wherever it ends. A supervised job; what is bounded by itself (checkpoints, merchant-risk tables, runs, the alert
 * store) is no business of this package.
 */
@NullMarked
package io.outrider.training.retention;

import org.jspecify.annotations.NullMarked;
