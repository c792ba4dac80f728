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
import io.outrider.core.risk.MerchantRisk;
import io.outrider.lake.capture.CaptureFileName;
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

/**
 * Replays one partition's new records: decodes, computes features, writes rows, and leaves the states behind for next time.
 * Features know nothing of merchants' risk yet, as live ones don't. Memory: the partition's accounts (those with new events as
 * states, the others encoded), one block of one Capture file, and what {@link DatedTables} holds. For one thread, once.
 */
final class PartitionReplay {

    private final BlobStore lake;
    private final FeaturePlan plan;
    private final EventTable table;
    private final AccountStateCodec codec;
    private final RecordDecoder decoder;
    private final DatedTables rows;
    private final QualityCount quality;
    private final Map<String, AccountState> touched = new HashMap<>();
    private final double[] vector;
    private final Map<String, byte[]> carried = new HashMap<>();

    PartitionReplay(BlobStore lake, FeaturePlan plan, EventTable table, RecordDecoder decoder, DatedTables rows) {
        this.lake = lake;
        this.plan = plan;
        this.table = table;
        this.codec = new AccountStateCodec(plan);
        this.decoder = decoder;
        this.rows = rows;
        this.quality = new QualityCount(table.numberColumns());
        this.vector = new double[plan.size()];
    }

    /**
     * Does it.
     *
     * @param from where the version before ended
     * @param log the records since
     * @param names the files they are in, in order, at least one
     * @param folder where states are put, slash included
     */
    PartitionResult run(PartitionProgress from, CapturedLog log, List<CaptureFileName> names, String folder)
            throws IOException {
        AccountFiles.load(lake, from.states(), plan.fingerprint(), "the dataset's newest version", carried::put);
        Map<String, Long> taken = new LinkedHashMap<>();
        names.forEach(name -> taken.put(name.path(), 0L));
        long newestMs = from.newestAppendMs();
        for (CapturedEvent event = log.next(); event != null; event = log.next()) {
            take(from.partition(), event);
            taken.merge(log.file(), 1L, Long::sum);
            newestMs = event.enqueuedTimeMs();
        }
        List<CapturedInput> captured = new ArrayList<>();
        taken.forEach((file, records) -> captured.add(new CapturedInput(file, records)));
        List<CheckpointFile> states = AccountFiles.write(
                lake, number -> folder + "states-" + number + ".avro", plan.fingerprint(), AccountStream.of(states()));
        PartitionProgress progress = new PartitionProgress(
                from.partition(),
                log.position(),
                newestMs,
                names.get(names.size() - 1).path(),
                states);
        return new PartitionResult(progress, captured, rows.finish(), quality.report(log.repeated(), log.missing()));
    }

    private void take(int partition, CapturedEvent event) throws IOException {
        DecodeResult result = decoder.decode(event.body(), event.enqueuedTimeMs());
        if (result instanceof Rejection rejection) {
            quality.bad(rejection.reason());
        } else if (result instanceof Transaction transaction) {
            FeatureState state = state(transaction.account()).features();
            long lateBefore = state.late();
            plan.apply(state, transaction, MerchantRisk.NONE, vector);
            quality.row(table.numbers(event.enqueuedTimeMs(), transaction, vector), state.late() > lateBefore);
            rows.add(
                    transaction.eventTimeMs(),
                    table.row(partition, event.sequenceNumber(), event.enqueuedTimeMs(), transaction, vector));
        }
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
}
