package io.outrider.training.etl;

import io.outrider.core.event.EventSchema;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.core.event.TransactionEncoder;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.capture.CaptureFileBuilder;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.capture.CapturedEvent;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Makes up a log of transactions, partition by partition, and writes stretches of it as Capture files. */
public final class RawLog {

    public static final int PARTITIONS = 3;
    static final String GENERATION = "g1";
    static final long START = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();

    private static final long STEP_MS = 400_000;

    private final List<List<CapturedEvent>> partitions = new ArrayList<>();
    private final CaptureFiles files;

    /** Transactions of 40 accounts over about a week, some late and some out of order, no two runs different. */
    public RawLog(BlobStore lake, int events) {
        this.files = new CaptureFiles(lake, "raw-transactions", "outrider", "transactions");
        for (int i = 0; i < PARTITIONS; i++) {
            partitions.add(new ArrayList<>());
        }
        Random random = new Random(7);
        TransactionEncoder encoder = new TransactionEncoder(EventSchema.TRANSACTIONS);
        AccountPartitioner partitioner = AccountPartitioner.named("murmur2");
        for (int i = 0; i < events; i++) {
            String account = "konto-ü-" + random.nextInt(40);
            long appendMs = START + i * STEP_MS;
            long lateMs = random.nextInt(20) == 0 ? random.nextInt(100_000_000) : 0;
            Transaction transaction = new Transaction(
                    "t" + random.nextInt(events),
                    account,
                    Math.round(random.nextGaussian() * 3_000 + 9_000) / 100.0 + 60,
                    appendMs - lateMs,
                    random.nextInt(4) == 0 ? null : "shop \"" + random.nextInt(30) + "\"",
                    random.nextBoolean() ? "phone" : null,
                    null,
                    "EUR",
                    random.nextInt(50) == 0);
            add(partitioner.partition(account, PARTITIONS), appendMs, encoder.encode(transaction));
        }
    }

    public void add(int partition, long appendMs, byte[] body) {
        List<CapturedEvent> log = partitions.get(partition);
        log.add(new CapturedEvent(
                log.size(), Integer.toString(log.size()), appendMs / 1000 * 1000, Map.of(), Map.of(), body));
    }

    /** Adds an event of the partition's first account that happened at another time than it came. */
    void addLate(int partition, long appendMs, long eventTimeMs) {
        CapturedEvent first = at(partition, 0);
        byte[] body = Objects.requireNonNull(first.body());
        Transaction of = (Transaction) new TransactionDecoder(EventSchema.TRANSACTIONS).decode(body, appendMs);
        Transaction late = new Transaction(
                "late", of.account(), of.amount(), eventTimeMs, of.merchant(), null, null, of.currency(), null);
        add(partition, appendMs, new TransactionEncoder(EventSchema.TRANSACTIONS).encode(late));
    }

    public CaptureFiles files() {
        return files;
    }

    public int size(int partition) {
        return partitions.get(partition).size();
    }

    CapturedEvent at(int partition, int sequenceNumber) {
        return partitions.get(partition).get(sequenceNumber);
    }

    /** Writes [from, to) of a partition as the file of that minute. */
    String write(int partition, int from, int to, int minute) throws IOException {
        return write(GENERATION, partition, from, to, minute);
    }

    String write(String generation, int partition, int from, int to, int minute) throws IOException {
        CaptureFileBuilder file = new CaptureFileBuilder(generation, from);
        partitions.get(partition).subList(from, to).forEach(file::add);
        var name = files.name(partition, Instant.parse("2026-04-01T00:00:00Z").plusSeconds(60L * minute));
        if (!files.create(name, file.finish())) {
            throw new IllegalStateException(name.path() + " is there already");
        }
        return name.path();
    }

    /** Writes a share of each partition as one file each. */
    public void write(double fromShare, double toShare, int minute) throws IOException {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int size = size(partition);
            write(partition, (int) (fromShare * size), (int) (toShare * size), minute);
        }
    }
}
