/**
 * Schedules batch jobs and keeps their history. One supervisor in the cluster (a singleton among the nodes of role {@code
 * batch}) decides when a run begins, on which node, and what becomes of it; a worker on each of these nodes does the work,
 * on threads of its own. What has been decided is in the lake before it takes effect, so the next supervisor goes on from
 * there. {@code RunTransitions}, {@code KindSupervision} and {@code Schedule} are plain Java; actors call them.
 */
@NullMarked
package io.outrider.training.supervisor;

import org.jspecify.annotations.NullMarked;
