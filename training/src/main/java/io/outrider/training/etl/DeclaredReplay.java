package io.outrider.training.etl;

import io.outrider.core.event.Transaction;
import io.outrider.core.port.BlobStore;
import io.outrider.core.risk.MerchantRiskLedger;
import io.outrider.core.risk.Verdict;
import io.outrider.training.dataset.DatasetJson;
import io.outrider.training.dataset.StoredFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Replays all partitions together in the order of events, where labels are declared: one unit, in one folder, which a run after
 * a crash takes over if it was finished ({@link PartitionUnit}). For one thread.
 */
final class DeclaredReplay {

    private final ReplayScope scope;
    private final EventTable table;
    private final EtlRisk.Declared declared;

    /** What all partitions together give, and the ledger to go on with. */
    record Imported(List<PartitionResult> partitions, StoredFile ledger) {}

    DeclaredReplay(ReplayScope scope, EtlRisk.Declared declared) {
        this.scope = scope;
        this.table = new EventTable(scope.request().plan());
        this.declared = declared;
    }

    /** Does it; {@code before} is the ledger to go on from, null for none. */
    Imported replay(List<PartitionWork> work, @Nullable StoredFile before) throws IOException {
        BlobStore lake = scope.lake();
        long records =
                work.stream().mapToLong(one -> one.from().nextSequenceNumber()).sum();
        String stem = String.format(Locale.ROOT, "all-%012d-", records);
        String folder = scope.folder(stem, table, work + "\n" + declared + "\n" + before);
        String name = folder + "result.json";
        Optional<BlobStore.Blob> finished = lake.get(name);
        if (finished.isPresent()) {
            return DatasetJson.read(name, finished.get().content(), Imported.class);
        }
        MerchantRiskLedger ledger = before == null
                ? new MerchantRiskLedger(declared.ledgerEntries())
                : MerchantRiskLedger.decode(before.read(lake), declared.ledgerEntries());
        ledger.forget(account -> isErased(account, work));
        List<PartitionReplay> replays = new ArrayList<>();
        List<PartitionResult> results = new ArrayList<>();
        try {
            for (PartitionWork one : work) {
                String part = folder + one.from().partition() + "/";
                replays.add(new PartitionReplay(new PartitionUnit(scope, one, LiveHistories.NONE, part)));
            }
            replayInEventOrder(replays, ledger, declared.labelDelay().toMillis());
            for (PartitionReplay replay : replays) {
                results.add(replay.finish());
            }
        } finally {
            for (PartitionReplay replay : replays) {
                replay.close();
            }
        }
        Imported imported = new Imported(results, StoredFile.put(lake, folder + "ledger", ledger.encode()));
        lake.put(name, DatasetJson.write(imported));
        return imported;
    }

    /** Whether what the ledger has of an account is of before its erasure. */
    private boolean isErased(String account, List<PartitionWork> work) {
        for (PartitionWork one : work) {
            KnownErasures erasures = scope.erasures(one.from().partition());
            if (erasures.forgets(account, one.from().nextSequenceNumber())) {
                return true;
            }
        }
        return false;
    }

    /** As an evaluation over the same events does: what is known by an event, its features, then what it adds. */
    private static void replayInEventOrder(List<PartitionReplay> replays, MerchantRiskLedger ledger, long delayMs)
            throws IOException {
        PriorityQueue<PartitionReplay> heads = new PriorityQueue<>(Comparator.comparingLong(
                        (PartitionReplay replay) -> head(replay).eventTimeMs())
                .thenComparingInt(PartitionReplay::partition));
        for (PartitionReplay replay : replays) {
            replay.begin();
            if (replay.next() != null) {
                heads.add(replay);
            }
        }
        RiskKnown known = new RiskKnown(ledger, null, false);
        for (PartitionReplay replay = heads.poll(); replay != null; replay = heads.poll()) {
            Transaction event = head(replay);
            ledger.advanceTo(event.eventTimeMs());
            boolean usual = replay.take(known);
            ledger.transaction(event.merchant(), event.eventTimeMs());
            Boolean fraud = event.fraud();
            if (fraud != null) {
                long knownSinceMs = event.eventTimeMs() + delayMs;
                ledger.verdict(new Verdict(
                        event.account(), event.merchant(), event.eventTimeMs(), fraud, usual, knownSinceMs));
            }
            if (replay.next() != null) {
                heads.add(replay);
            }
        }
    }

    private static Transaction head(PartitionReplay replay) {
        return Objects.requireNonNull(replay.event(), "those at their end are not in the queue");
    }
}
