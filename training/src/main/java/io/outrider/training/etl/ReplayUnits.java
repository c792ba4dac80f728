package io.outrider.training.etl;

import io.outrider.core.event.RecordDecoder;
import io.outrider.core.event.Transaction;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.port.BlobStore;
import io.outrider.core.risk.MerchantRiskLedger;
import io.outrider.core.risk.Verdict;
import io.outrider.lake.capture.CapturedLog;
import io.outrider.training.dataset.DatasetJson;
import io.outrider.training.dataset.DatasetOrigin;
import io.outrider.training.dataset.PartitionProgress;
import io.outrider.training.dataset.StoredFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Replays units of work: one partition's share, or, where labels are declared, all partitions' together. What a unit gives lies
 * in a folder named after all that goes into it, and a result beside it, written last, says that it is whole. So a run after a
 * crash takes over what was finished, and writes the same again where it was not. Names of folders sort in the order of the
 * log. Thread-safe.
 */
final class ReplayUnits {

    private final BlobStore lake;
    private final EtlSettings settings;
    private final EtlRequest request;
    private final EventTable table;
    private final DatasetOrigin origin;
    private final String data;

    /** What all partitions together give, and the ledger to go on with. */
    record Imported(List<PartitionResult> partitions, StoredFile ledger) {}

    /**
     * Units of a dataset.
     *
     * @param data the folder of all units, slash included
     */
    ReplayUnits(
            BlobStore lake,
            EtlSettings settings,
            EtlRequest request,
            EventTable table,
            DatasetOrigin origin,
            String data) {
        this.lake = lake;
        this.settings = settings;
        this.request = request;
        this.table = table;
        this.origin = origin;
        this.data = data;
    }

    /**
     * Replays a partition.
     *
     * @param risk what was in force; null if nothing is known of merchants
     */
    PartitionResult replay(PartitionWork work, @Nullable RiskInForce risk) throws IOException {
        PartitionProgress from = work.from();
        String stem = String.format(Locale.ROOT, "p%04d-%012d-", from.partition(), from.nextSequenceNumber());
        String folder = data + stem + unit(work.toString()) + "/";
        String name = folder + "result.json";
        Optional<BlobStore.Blob> finished = lake.get(name);
        if (finished.isPresent()) {
            return DatasetJson.read(name, finished.get().content(), PartitionResult.class);
        }
        PartitionResult result;
        try (PartitionReplay replay = open(work, folder)) {
            replay.begin();
            for (Transaction event = replay.next(); event != null; event = replay.next()) {
                replay.take(risk == null ? RiskKnown.NOTHING : risk.at(replay.sequenceNumber()));
            }
            result = finish(replay, folder);
        }
        lake.put(name, DatasetJson.write(result));
        return result;
    }

    /** Replays all partitions in the order of events; {@code before} is the ledger to go on from, null for none. */
    Imported replayDeclared(List<PartitionWork> work, EtlRisk.Declared declared, @Nullable StoredFile before)
            throws IOException {
        long records =
                work.stream().mapToLong(one -> one.from().nextSequenceNumber()).sum();
        String stem = String.format(Locale.ROOT, "all-%012d-", records);
        String folder = data + stem + unit(work + "\n" + declared + "\n" + before) + "/";
        String name = folder + "result.json";
        Optional<BlobStore.Blob> finished = lake.get(name);
        if (finished.isPresent()) {
            return DatasetJson.read(name, finished.get().content(), Imported.class);
        }
        MerchantRiskLedger ledger = before == null
                ? new MerchantRiskLedger(declared.ledgerEntries())
                : MerchantRiskLedger.decode(before.read(lake), declared.ledgerEntries());
        List<PartitionReplay> replays = new ArrayList<>();
        List<PartitionResult> results = new ArrayList<>();
        try {
            for (PartitionWork one : work) {
                replays.add(open(one, folder + one.from().partition() + "/"));
            }
            replayInEventOrder(replays, ledger, declared.labelDelay().toMillis());
            for (PartitionReplay replay : replays) {
                results.add(finish(replay, folder + replay.partition() + "/"));
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

    private PartitionReplay open(PartitionWork work, String folder) throws IOException {
        int partition = work.from().partition();
        RecordDecoder decoder = new RecordDecoder(
                request.plan().schema(),
                AccountPartitioner.named(origin.partitioner()),
                partition,
                origin.partitions());
        CapturedLog.Start start = new CapturedLog.Start(
                work.from().nextSequenceNumber(), work.from().newestAppendMs());
        CapturedLog log =
                new CapturedLog(request.capture(), work.names(), origin.generation(), start, request.acceptGaps());
        DatedTables rows =
                new DatedTables(lake, folder, partition, table.schema(), settings.tableLimits(), request.disk());
        return new PartitionReplay(lake, table, decoder, work, log, rows);
    }

    private PartitionResult finish(PartitionReplay replay, String folder) throws IOException {
        String other = replay.passedOver();
        if (request.generation().isEmpty() && other != null) {
            throw new IOException(other + " is of another generation of the topic than " + origin.generation()
                    + ": it was recreated; name the generation to read, and another dataset");
        }
        return replay.finish(folder);
    }

    /** Names all that a result depends on. */
    private String unit(String work) {
        String inputs = String.join(
                "\n",
                origin.toString(),
                work,
                table.schema().toString(),
                settings.tableLimits().toString(),
                request.acceptGaps() + " " + request.generation().isPresent());
        return StoredFile.sha256(inputs.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }
}
