/**
 * A cluster of processes on this machine that faults befall while events arrive, and the comparison of what comes out with
 * a fold of the input and with an undisturbed node of each build that ran.
 */
@NullMarked
package io.outrider.app.bench.chaos;

import org.jspecify.annotations.NullMarked;
