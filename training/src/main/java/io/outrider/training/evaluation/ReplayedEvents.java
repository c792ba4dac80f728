package io.outrider.training.evaluation;

import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.feature.FeatureState;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.core.risk.MerchantRiskLedger;
import io.outrider.core.risk.Verdict;
import io.outrider.lake.files.FileEvent;
import io.outrider.lake.files.TransactionFiles;
import io.outrider.lake.files.TransactionReader;
import io.outrider.training.fit.ModelKind;
import io.outrider.training.fit.TrainingSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Files' events, replayed through the live feature plan and risk ledger: a label counts from its event time plus the label
 * delay, never earlier. Events must come in time order, give or take an hour: otherwise some would be scored with what became
 * known after them.
 */
final class ReplayedEvents implements EvaluationEvents {

    /** How far an event may lie behind the newest before it. */
    private static final long MOST_LATE_MS = Duration.ofHours(1).toMillis();

    private final TransactionReader reader;
    private final FeaturePlan plan;
    private final Map<String, FeatureState> accounts = new HashMap<>();
    private final MerchantRiskLedger ledger;
    private final boolean withRisk;
    private final long labelDelayMs;
    private final double[] vector;
    private long newestMs = Long.MIN_VALUE / 2;

    /** The events of a request's files. */
    ReplayedEvents(EvaluateRequest request, FeaturePlan plan, TrainingSettings settings) throws IOException {
        if (request.files().isEmpty()) {
            throw new IllegalArgumentException("no files to evaluate on");
        }
        this.reader = TransactionFiles.read(request.files(), plan.schema());
        this.plan = plan;
        this.ledger = new MerchantRiskLedger(settings.ledgerEntries());
        this.withRisk = request.kind() != ModelKind.FOREST;
        this.labelDelayMs = request.labelDelay().toMillis();
        this.vector = new double[plan.size()];
    }

    @Override
    public @Nullable FileEvent next() {
        if (!reader.hasNext()) {
            return null;
        }
        FileEvent row = reader.next();
        Transaction event = row.transaction();
        requireOrder(event);
        FeatureState state = accounts.computeIfAbsent(event.account(), account -> plan.newState());
        if (withRisk) {
            ledger.advanceTo(event.eventTimeMs());
            plan.apply(state, event, ledger, vector);
            tellLedger(event, !state.surgedAt(event.eventTimeMs()));
        } else {
            plan.apply(state, event, MerchantRisk.NONE, vector);
        }
        return row;
    }

    private void requireOrder(Transaction event) {
        long timeMs = event.eventTimeMs();
        if (timeMs < newestMs - MOST_LATE_MS) {
            throw new IllegalArgumentException(
                    reader.place() + ": " + Instant.ofEpochMilli(timeMs)
                            + " lies more than an hour behind " + Instant.ofEpochMilli(newestMs)
                            + ", the newest time before it: the rows of a file must be in time order (files may come in any order)");
        }
        newestMs = Math.max(newestMs, timeMs);
    }

    @Override
    public void requireOrderToTheEnd() {
        while (reader.hasNext()) {
            requireOrder(reader.next().transaction());
        }
    }

    private void tellLedger(Transaction event, boolean usualAmount) {
        ledger.transaction(event.merchant(), event.eventTimeMs());
        Boolean fraud = event.fraud();
        if (fraud != null) {
            ledger.verdict(new Verdict(
                    event.account(),
                    event.merchant(),
                    event.eventTimeMs(),
                    fraud,
                    usualAmount,
                    event.eventTimeMs() + labelDelayMs));
        }
    }

    @Override
    public double[] vector() {
        return vector;
    }

    @Override
    public long rejected() {
        return reader.rejected();
    }

    @Override
    public List<String> rejectedExamples() {
        return reader.rejectedExamples();
    }

    @Override
    public double fractionRead() {
        return reader.fractionRead();
    }

    @Override
    public void close() {
        reader.close();
    }
}
