package io.outrider.core.decision;

import io.outrider.core.event.Transaction;
import io.outrider.core.feature.WindowSummary;
import java.util.List;

/**
 * What reasons are told with, beside the features.
 *
 * @param usualAmount the account's median amount before the transaction, NaN if it had none
 * @param windows the account's windows, the transaction included
 */
record Circumstances(Transaction transaction, double usualAmount, List<WindowSummary> windows) {}
