/**
 * Backtests: any model over a stretch of a dataset, alone or against another, as it would have alerted: how many a day, with what
 * precision where truth is known, and which alerts appear and vanish. Reads {@code dataset}; measures with {@code run}'s test report.
 * Runs in the calling thread, and scores in some of its own.
 */
@NullMarked
package io.outrider.training.backtest;

import org.jspecify.annotations.NullMarked;
