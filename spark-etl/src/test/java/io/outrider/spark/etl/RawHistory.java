package io.outrider.spark.etl;

import io.outrider.core.event.EventSchema;
import io.outrider.core.event.Label;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionEncoder;
import io.outrider.core.model.ContextRef;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.port.BlobStore;
import io.outrider.core.risk.RiskBook;
import io.outrider.core.risk.RiskTableCodec;
import io.outrider.lake.capture.CaptureFileBuilder;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.capture.CapturedEvent;
import io.outrider.lake.checkpoint.AccountStream;
import io.outrider.lake.checkpoint.Checkpoint;
import io.outrider.lake.checkpoint.PartitionCheckpoints;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Claim;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Outcome;
import io.outrider.lake.risk.RiskFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A made-up log with late events, repeated ids and bad records, and the contexts it was decided under. */
final class RawHistory {

    static final int PARTITIONS = 3;

    private static final String GENERATION = "g1";
    private static final long START = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();

    private final List<List<CapturedEvent>> partitions = new ArrayList<>();

    RawHistory(int records) {
        for (int i = 0; i < PARTITIONS; i++) {
            partitions.add(new ArrayList<>());
        }
        Random random = new Random(11);
        AccountPartitioner partitioner = AccountPartitioner.named("murmur2");
        TransactionEncoder encoder = new TransactionEncoder(EventSchema.TRANSACTIONS);
        for (int i = 0; i < records; i++) {
            // "\uE000" and "\uD83D\uDE80" sort one way as UTF-8 and the other way as Java's strings.
            String account = (random.nextBoolean() ? "\uE000-" : "\uD83D\uDE80-") + random.nextInt(30);
            long appendMs = START + i * 400_000L;
            long lateMs = random.nextInt(15) == 0 ? random.nextLong(40L * 86_400_000) : 0;
            Transaction event = new Transaction(
                    "t" + random.nextInt(records),
                    account,
                    Math.round(random.nextGaussian() * 3_000 + 9_000) / 100.0 + 60,
                    appendMs - lateMs,
                    random.nextInt(4) == 0 ? null : "shop " + random.nextInt(30),
                    random.nextBoolean() ? "phone" : null,
                    null,
                    "EUR",
                    random.nextInt(50) == 0);
            int partition = partitioner.partition(account, PARTITIONS);
            byte[] body = encoder.encode(event);
            if (random.nextInt(40) == 0) {
                body = "{\"amount\": \"no\"}".getBytes(StandardCharsets.UTF_8);
            } else if (random.nextInt(40) == 0) {
                partition = (partition + 1) % PARTITIONS;
            }
            List<CapturedEvent> log = partitions.get(partition);
            log.add(new CapturedEvent(
                    log.size(), Integer.toString(log.size()), appendMs / 1000 * 1000, Map.of(), Map.of(), body));
        }
    }

    int size(int partition) {
        return partitions.get(partition).size();
    }

    /** Writes shares of all partitions as one Capture file each. */
    void write(BlobStore lake, double fromShare, double toShare, int minute) throws IOException {
        CaptureFiles files = new CaptureFiles(lake, "raw-transactions", "outrider", "transactions");
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int from = (int) (fromShare * size(partition));
            CaptureFileBuilder file = new CaptureFileBuilder(GENERATION, from);
            partitions
                    .get(partition)
                    .subList(from, (int) (toShare * size(partition)))
                    .forEach(file::add);
            Instant time = Instant.parse("2026-04-01T00:00:00Z").plusSeconds(60L * minute);
            files.create(files.name(partition, time), file.finish());
        }
    }

    /** Two merchant-risk tables, and checkpoints that took each up somewhere; all is decided. */
    void decide(BlobStore lake) throws IOException {
        RiskFiles tables = new RiskFiles(lake, "transactions");
        RiskBook book = new RiskBook(Duration.ofDays(7), 1_000);
        for (int version = 1; version <= 2; version++) {
            for (int i = 0; i < 40; i++) {
                boolean fraud = i % 3 == version % 3;
                String id = "x" + version + "-" + i;
                book.take(new Label(id, "\uE000-" + i, "shop " + i % 30, START - 1_000, fraud, "me", 1, START));
            }
            tables.publish(RiskTableCodec.encode(book.table()), tables.current());
        }
        for (int partition = 0; partition < PARTITIONS; partition++) {
            PartitionCheckpoints checkpoints = new PartitionCheckpoints(lake, "transactions", partition);
            ContextRef none = new ContextRef("m", 0);
            Held held =
                    checkpoints.claim(new Claim("a", "transactions", GENERATION, partition, 0, 1_000, "plan", none));
            long[] barriers = {size(partition) / 4, size(partition) / 2, size(partition)};
            for (int i = 0; i < barriers.length; i++) {
                Checkpoint checkpoint = new Checkpoint(
                        held.manifest().barrier() + 1,
                        barriers[i],
                        new ContextRef("m", Math.min(2, i + 1)),
                        true,
                        AccountStream.of(List.of()));
                held = ((Outcome.Written) checkpoints.advance(held, checkpoint)).held();
            }
        }
    }
}
