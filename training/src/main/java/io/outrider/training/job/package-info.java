/**
 * Units of batch work as the supervisor runs them: what a job is told, what it tells, how it fails. Implemented by the
 * packages that do the work; knows none of them.
 */
@NullMarked
package io.outrider.training.job;

import org.jspecify.annotations.NullMarked;
