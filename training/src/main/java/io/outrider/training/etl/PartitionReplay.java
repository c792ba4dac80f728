package io.outrider.training.etl;

import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.event.DecodeResult;
import io.outrider.core.event.RecordDecoder;
import io.outrider.core.event.Rejection;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.feature.FeatureState;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.capture.CapturedEvent;
import io.outrider.lake.capture.CapturedLog;
import io.outrider.lake.checkpoint.AccountBytes;
import io.outrider.lake.checkpoint.AccountFiles;
import io.outrider.lake.checkpoint.AccountStream;
import io.outrider.lake.checkpoint.CheckpointFile;
import io.outrider.training.dataset.CapturedInput;
import io.outrider.training.dataset.PartitionProgress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Replays one partition's new records: decodes, computes features, writes rows, and leaves the states behind for next time.
 * Memory: the partition's accounts (those with new events as states, the others encoded), one block of one Capture file, and
 * what {@link DatedTables} holds. For one thread, once.
 */
final class PartitionReplay implements AutoCloseable {

    private final BlobStore lake;
    private final FeaturePlan plan;
    private final EventTable table;
    private final AccountStateCodec codec;
    private final RecordDecoder decoder;
    private final PartitionWork work;
    private final CapturedLog log;
    private final DatedTables rows;
    private final QualityCount quality;
    private final Map<String, AccountState> touched = new HashMap<>();
    private final double[] vector;
    private final Map<String, byte[]> carried = new HashMap<>();
    private final Map<String, Long> taken = new LinkedHashMap<>();
    private long newestMs;
    private long sequenceNumber;
    private @Nullable Transaction event;

    /**
     * Of nothing yet.
     *
     * @param log the records of the work's files
     * @param rows where rows go; both are closed with this
     */
    PartitionReplay(
            BlobStore lake,
            EventTable table,
            RecordDecoder decoder,
            PartitionWork work,
            CapturedLog log,
            DatedTables rows) {
        this.lake = lake;
        this.plan = table.plan();
        this.table = table;
        this.codec = new AccountStateCodec(plan);
        this.decoder = decoder;
        this.work = work;
        this.log = log;
        this.rows = rows;
        this.quality = new QualityCount(table.numberColumns());
        this.vector = new double[plan.size()];
        this.newestMs = work.from().newestAppendMs();
    }

    /** Loads the states that the version before left. */
    void begin() throws IOException {
        AccountFiles.load(lake, work.from().states(), plan.fingerprint(), "the dataset's newest version", carried::put);
        work.names().forEach(name -> taken.put(name.path(), 0L));
    }

    /** Moves to the next record that is a valid event, counting those that are none; null at the end. */
    @Nullable
    Transaction next() throws IOException {
        event = null;
        while (event == null) {
            CapturedEvent record = log.next();
            if (record == null) {
                return null;
            }
            taken.merge(log.file(), 1L, Long::sum);
            newestMs = record.enqueuedTimeMs();
            sequenceNumber = record.sequenceNumber();
            DecodeResult result = decoder.decode(record.body(), record.enqueuedTimeMs());
            if (result instanceof Rejection rejection) {
                quality.bad(rejection.reason());
            } else if (result instanceof Transaction transaction) {
                event = transaction;
            }
        }
        return event;
    }

    int partition() {
        return work.from().partition();
    }

    /** Sequence number of the event it stands at. */
    long sequenceNumber() {
        return sequenceNumber;
    }

    /** The event it stands at; null at the end. */
    @Nullable
    Transaction event() {
        return event;
    }

    /** Makes the event it stands at a row; tells whether its amount was usual for its account. */
    boolean take(RiskKnown known) throws IOException {
        Transaction transaction = event;
        if (transaction == null) {
            throw new IllegalStateException("there is no event");
        }
        FeatureState state = state(transaction.account()).features();
        long lateBefore = state.late();
        plan.apply(state, transaction, known.risk(), vector);
        quality.row(table.numbers(newestMs, transaction, vector), state.late() > lateBefore);
        if (known.stale()) {
            quality.staleRisk();
        }
        EventTable.Origin origin = new EventTable.Origin(partition(), sequenceNumber, newestMs, known.version());
        rows.add(transaction.eventTimeMs(), table.row(origin, transaction, vector));
        return !state.surgedAt(transaction.eventTimeMs());
    }

    /**
     * Puts what is left into the lake.
     *
     * @param folder where states are put, slash included
     */
    PartitionResult finish(String folder) throws IOException {
        List<CapturedInput> captured = new ArrayList<>();
        taken.forEach((file, records) -> captured.add(new CapturedInput(file, records)));
        List<CheckpointFile> states = AccountFiles.write(
                lake, number -> folder + "states-" + number + ".avro", plan.fingerprint(), AccountStream.of(states()));
        PartitionProgress progress = new PartitionProgress(
                partition(),
                log.position(),
                newestMs,
                work.names().get(work.names().size() - 1).path(),
                states);
        return new PartitionResult(progress, captured, rows.finish(), quality.report(log.repeated(), log.missing()));
    }

    /** Whether files of another generation of the topic were passed over; the first, or null. */
    @Nullable
    String passedOver() {
        return log.passedOver().isEmpty() ? null : log.passedOver().get(0).path();
    }

    private AccountState state(String account) {
        AccountState state = touched.get(account);
        if (state == null) {
            byte[] bytes = carried.get(account);
            state = bytes == null ? codec.fresh() : codec.decode(bytes);
            touched.put(account, state);
        }
        return state;
    }

    /** In the order of the accounts' names, so that the same states give the same file. */
    private List<AccountBytes> states() {
        TreeSet<String> names = new TreeSet<>(carried.keySet());
        names.addAll(touched.keySet());
        List<AccountBytes> states = new ArrayList<>(names.size());
        for (String name : names) {
            AccountState state = touched.get(name);
            byte[] bytes = state == null ? carried.get(name) : codec.encode(state);
            if (bytes != null) {
                states.add(new AccountBytes(name, bytes));
            }
        }
        return states;
    }

    @Override
    public void close() throws IOException {
        try {
            log.close();
        } finally {
            rows.close();
        }
    }
}
