package io.outrider.app.bench.training;

import io.outrider.app.bench.world.AccountDraw;
import io.outrider.app.bench.world.BenchTraffic;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.feature.FeatureState;
import io.outrider.core.port.BlobStore;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.lake.table.TableFileWriter;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.DatasetOrigin;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.LabelShare;
import io.outrider.training.dataset.Quality;
import io.outrider.training.dataset.QualityGate;
import io.outrider.training.dataset.StoredFile;
import io.outrider.training.etl.EventTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A dataset of made-up transactions as ETL would have made it, without the log behind it: real feature vectors, by date, in files of at
 * most 200,000 rows. One event in 200 is a fraud of some three times the usual amount. The same number of rows gives the same files. For
 * one thread.
 */
final class BenchDataset {

    private static final int ACCOUNTS = 5_000;
    private static final int FRAUD_EVERY = 200;
    private static final int ROWS_PER_FILE = 200_000;
    private static final Instant UNTIL = Instant.parse("2026-06-01T00:00:00Z");
    private static final Duration SPAN = Duration.ofDays(30);

    private final BlobStore lake;
    private final String container;
    private final Path disk;
    private final FeaturePlan plan = FeaturePlan.named("transactions");
    private final EventTable table = new EventTable(plan);
    private final Map<String, FeatureState> accounts = new HashMap<>();
    private final List<DataFile> files = new ArrayList<>();

    /**
     * In a lake.
     *
     * @param disk where temporary files may be made
     */
    BenchDataset(BlobStore lake, String container, Path disk) {
        this.lake = lake;
        this.container = container;
        this.disk = disk;
    }

    /** Makes and publishes it as version 1. */
    DatasetManifest publish(long rows, DoubleConsumer done) throws IOException {
        BenchTraffic traffic = new BenchTraffic(1, AccountDraw.of("uniform", ACCOUNTS), rows, UNTIL, SPAN, 0);
        Datasets datasets = new Datasets(lake, container);
        String folder = datasets.folder("transactions") + "data/made/";
        long number = 0;
        Transaction next = event(traffic, number);
        double[] vector = new double[plan.size()];
        while (next != null) {
            LocalDate date = date(next);
            Path file = Files.createTempFile(disk, "made-", ".parquet");
            Files.delete(file);
            long written = 0;
            try (TableFileWriter writer = new TableFileWriter(file, table.schema())) {
                while (next != null && written < ROWS_PER_FILE && date(next).equals(date)) {
                    FeatureState state = accounts.computeIfAbsent(next.account(), account -> plan.newState());
                    plan.apply(state, next, MerchantRisk.NONE, vector);
                    EventTable.Origin origin = new EventTable.Origin(0, number, next.eventTimeMs(), null);
                    writer.add(table.row(origin, next), vector);
                    written++;
                    next = event(traffic, ++number);
                }
            }
            put(folder + "event_date=" + date + "/part-" + files.size() + ".parquet", date, written, file);
            done.accept((double) number / rows);
        }
        DatasetManifest manifest = manifest();
        datasets.publish(manifest);
        return manifest;
    }

    private static @Nullable Transaction event(BenchTraffic traffic, long number) {
        if (!traffic.hasNext()) {
            return null;
        }
        Transaction event = traffic.next();
        boolean fraud = number % FRAUD_EVERY == 0;
        return new Transaction(
                event.transactionId(),
                event.account(),
                fraud ? event.amount() * 3 : event.amount(),
                event.eventTimeMs(),
                event.merchant(),
                event.device(),
                event.network(),
                event.currency(),
                fraud);
    }

    private static LocalDate date(Transaction event) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(event.eventTimeMs()), ZoneOffset.UTC);
    }

    private void put(String name, LocalDate date, long rows, Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        Files.delete(file);
        lake.put(name, content);
        files.add(new DataFile(name, date.toString(), 0, rows, content.length, StoredFile.sha256(content)));
    }

    private DatasetManifest manifest() {
        return new DatasetManifest(
                DatasetManifest.FORMAT,
                "transactions",
                1,
                Clock.systemUTC().instant().toString(),
                new DatasetOrigin(
                        "made/up", "made", 1, "murmur2", plan.name(), plan.fingerprint(), DatasetOrigin.UNKNOWN, ""),
                List.of(),
                List.of(),
                files,
                LabelShare.NONE,
                null,
                Quality.NONE,
                Quality.NONE,
                new QualityGate.Verdict(true, List.of()));
    }
}
