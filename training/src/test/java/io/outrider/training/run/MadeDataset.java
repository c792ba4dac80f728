package io.outrider.training.run;

import io.outrider.core.event.Label;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.feature.FeatureState;
import io.outrider.core.model.SplitMix;
import io.outrider.core.port.BlobStore;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.lake.table.TableFileWriter;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.DatasetOrigin;
import io.outrider.training.dataset.DatasetRows;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.LabelShare;
import io.outrider.training.dataset.PartitionProgress;
import io.outrider.training.dataset.Quality;
import io.outrider.training.dataset.QualityGate;
import io.outrider.training.etl.EventTable;
import io.outrider.training.etl.MadeLabels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A made-up dataset: accounts with their own usual amounts, and frauds that are several times as large. */
public final class MadeDataset {

    static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    private static final long START = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();
    private static final int DAYS = 5;
    private static final long DAY_MS = 86_400_000;
    private static final long END = START + DAYS * DAY_MS;

    private final BlobStore lake;
    private final Path disk;
    private final EventTable table = new EventTable(PLAN);
    private final List<Transaction> frauds = new ArrayList<>();
    private final List<Transaction> hidden = new ArrayList<>();

    /**
     * What it is like.
     *
     * @param rows how many, over five days
     * @param surge by how much frauds exceed what is usual, at least
     * @param constantAmounts whether all amounts are the same
     * @param labelled whether truth is known
     */
    public record Shape(int rows, double surge, boolean constantAmounts, boolean labelled) {}

    /** Truth that is not in the events, but in the labels topic: frauds are reported so long after them, of the rest nobody says anything. */
    public DatasetManifest reported(DatasetManifest of, Duration after) throws IOException {
        return withLabels(of, labels(frauds, null, after));
    }

    /** The same with their scenario, {@code surge}, and others of the scenario {@code hidden}, which nothing tells from genuine events. */
    DatasetManifest reportedByScenario(DatasetManifest of, Duration after) throws IOException {
        List<Label> labels = labels(frauds, "surge", after);
        labels.addAll(labels(hidden, "hidden", after));
        return withLabels(of, labels);
    }

    private static List<Label> labels(List<Transaction> of, @Nullable String scenario, Duration after) {
        List<Label> labels = new ArrayList<>();
        for (Transaction event : of) {
            long knownMs = event.eventTimeMs() + after.toMillis();
            if (knownMs <= END) {
                labels.add(new Label(
                        event.transactionId(),
                        event.account(),
                        event.merchant(),
                        event.eventTimeMs(),
                        true,
                        scenario,
                        "made",
                        1,
                        knownMs));
            }
        }
        return labels;
    }

    private DatasetManifest withLabels(DatasetManifest of, List<Label> labels) throws IOException {
        List<DataFile> files = List.of(MadeLabels.put(lake, disk, labels));
        return new DatasetManifest(
                of.format(),
                of.dataset(),
                of.version(),
                of.createdAt(),
                of.origin(),
                List.of(new PartitionProgress(0, of.files().size(), END, "", List.of())),
                of.captured(),
                of.files(),
                new LabelShare("l", List.of(), files, labels.size(), Map.of()),
                null,
                of.added(),
                of.total(),
                of.gate());
    }

    public MadeDataset(BlobStore lake, Path disk) {
        this.lake = lake;
        this.disk = disk;
    }

    /** Publishes it as version 1. */
    public DatasetManifest publish(Shape shape, QualityGate.Verdict gate) throws IOException {
        List<DataFile> files = new ArrayList<>();
        Map<String, FeatureState> accounts = new HashMap<>();
        SplitMix random = new SplitMix(5);
        double[] vector = new double[PLAN.size()];
        int number = 0;
        for (int day = 0; day < DAYS; day++) {
            Path file = disk.resolve("day-" + day + ".parquet");
            int rows = shape.rows() / DAYS;
            try (TableFileWriter writer = new TableFileWriter(file, table.schema())) {
                for (int i = 0; i < rows; i++) {
                    Transaction event = event(shape, random, number, START + day * DAY_MS + i * DAY_MS / rows);
                    FeatureState state = accounts.computeIfAbsent(event.account(), name -> PLAN.newState());
                    PLAN.apply(state, event, MerchantRisk.NONE, vector);
                    writer.add(row(number++, event, vector));
                }
            }
            files.add(put(file, LocalDate.ofEpochDay(START / DAY_MS + day).toString(), rows));
        }
        DatasetManifest manifest = new DatasetManifest(
                DatasetManifest.FORMAT,
                "transactions",
                1,
                "2026-04-01T00:00:00Z",
                new DatasetOrigin(
                        "made/up", "g1", 1, "murmur2", PLAN.name(), PLAN.fingerprint(), DatasetOrigin.UNKNOWN, ""),
                List.of(),
                List.of(),
                files,
                LabelShare.NONE,
                null,
                Quality.NONE,
                Quality.NONE,
                gate);
        new Datasets(lake, "processed-transactions").publish(manifest);
        return manifest;
    }

    /** By the columns' names, so that the table may have more of them. */
    private @Nullable Object[] row(long number, Transaction event, double[] vector) {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("partition", 0L);
        values.put("sequence_number", number);
        values.put("append_time", event.eventTimeMs());
        values.put("event_time", event.eventTimeMs());
        values.put("transaction_id", event.transactionId());
        values.put("account", event.account());
        values.put("amount", event.amount());
        values.put("merchant", event.merchant());
        values.put("device", event.device());
        values.put("currency", event.currency());
        values.put("is_fraud", event.fraud());
        for (int i = 0; i < vector.length; i++) {
            values.put(DatasetRows.FEATURE + PLAN.features().get(i).name(), Double.isNaN(vector[i]) ? null : vector[i]);
        }
        return table.schema().columns().stream()
                .map(column -> values.get(column.name()))
                .toArray();
    }

    private Transaction event(Shape shape, SplitMix random, int number, long timeMs) {
        int account = random.nextInt(60);
        double usual = 20 + 3 * account;
        boolean fraud = random.nextInt(20) == 0;
        double noise = 0.2 + random.nextDouble() + (random.nextInt(15) == 0 ? 3 : 0);
        double amount = usual * noise * (fraud ? shape.surge() + random.nextDouble() : 1);
        Transaction event = new Transaction(
                "t" + number,
                "a" + account,
                shape.constantAmounts() ? 50 : amount,
                timeMs,
                "m" + random.nextInt(20),
                random.nextInt(3) == 0 ? "desktop" : "phone",
                null,
                "EUR",
                shape.labelled() ? fraud : null);
        if (fraud) {
            frauds.add(event);
        } else if (number % 20 == 0) {
            hidden.add(event);
        }
        return event;
    }

    private DataFile put(Path file, String date, int rows) throws IOException {
        byte[] content = Files.readAllBytes(file);
        String name = "processed-transactions/transactions/data/made/event_date=" + date + "/part-0.parquet";
        lake.put(name, content);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return new DataFile(
                    name, date, 0, rows, content.length, HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
