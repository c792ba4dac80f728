package io.outrider.http;

import io.outrider.core.alert.Alert;
import io.outrider.core.alert.ScoredEvent;
import io.outrider.core.event.Transaction;
import io.outrider.core.port.PastDecisions;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A lake with two transactions of 1 March 2026: {@code t-old} in a dataset, {@code t-new} in none yet. Thread-safe. */
final class FakeLake implements PastDecisions {

    private static final LocalDate DATE = LocalDate.of(2026, 3, 1);

    @Override
    public CompletionStage<Search> past(String account, String transactionId, @Nullable LocalDate on) {
        boolean isThere = transactionId.matches("t-old|t-new") && (on == null || on.equals(DATE));
        return CompletableFuture.completedFuture(new Search(
                isThere ? List.of(found(account, transactionId)) : List.of(),
                List.of("dataset transactions:7 (2 files of partition 3)")));
    }

    private static Past found(String account, String transactionId) {
        Alert like = Examples.alert(2, account);
        Transaction of = like.transaction();
        Transaction transaction = new Transaction(
                transactionId, account, 12.5, Examples.TIME_MS, of.merchant(), of.device(), null, null, null);
        if (transactionId.equals("t-new")) {
            return new Past(Place.CAPTURE, transaction, like.receipt().position(), null, "in no dataset yet");
        }
        return new Past(
                Place.DATASET,
                transaction,
                like.receipt().position(),
                new ScoredEvent(like.id(), transaction, 3.1, 0.41, 0.995, false, false, like.receipt()),
                null);
    }
}
