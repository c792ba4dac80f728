/**
 * What a backtest found, as batch work makes it and the API shows it: days, predictions, alerts that appear and vanish. Plain records;
 * immutable.
 */
@NullMarked
package io.outrider.core.backtest;

import org.jspecify.annotations.NullMarked;
