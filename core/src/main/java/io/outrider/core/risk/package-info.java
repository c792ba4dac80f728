/**
 * What is known about merchants across all accounts: volumes and confirmed verdicts. Depends on {@code event}. Published
 * tables are immutable and shared; an accumulator belongs to one thread.
 */
@NullMarked
package io.outrider.core.risk;

import org.jspecify.annotations.NullMarked;
