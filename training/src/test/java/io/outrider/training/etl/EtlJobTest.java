package io.outrider.training.etl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.event.EventSchema;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.feature.FeatureState;
import io.outrider.core.port.BlobStore;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.capture.CaptureGapException;
import io.outrider.lake.capture.CapturedEvent;
import io.outrider.lake.capture.DamagedCaptureException;
import io.outrider.lake.checkpoint.AccountFiles;
import io.outrider.lake.table.TableFileReader;
import io.outrider.training.dataset.CapturedInput;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.PartitionProgress;
import io.outrider.training.dataset.QualityGate;
import io.outrider.training.fit.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EtlJobTest {

    private static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    /** For tests that don't look into whole vectors: what a file costs is its columns. */
    private static final FeaturePlan NARROW = narrow(3);

    private static final QualityGate GATE = new QualityGate(1, 0.01, 0.5, 0, 0);
    private static final EtlSettings SETTINGS = new EtlSettings("processed-transactions", 150, 2, 2, GATE);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-04-02T00:00:00Z"), ZoneOffset.UTC);
    private static final int EVENTS = 900;

    @TempDir
    private Path folder;

    @TempDir
    private Path disk;

    private BlobStore lake;
    private FeaturePlan plan = NARROW;
    private RawLog log;
    private EtlRisk risk;
    private Datasets datasets;

    @BeforeEach
    void open() throws IOException {
        lake = new FolderBlobStore(folder);
        log = new RawLog(lake, EVENTS);
        CaptureFiles labels = new CaptureFiles(lake, "raw-transactions", "outrider", "labels");
        risk = new EtlRisk.InForce("transactions", labels, false);
        datasets = new Datasets(lake, "processed-transactions");
    }

    @Test
    void vectorsEqualAPlainFoldBitForBitOverSeveralVersions() throws IOException {
        plan = PLAN;
        log.write(0, 0.3, 1);
        DatasetManifest first = run().orElseThrow();
        log.write(0.3, 0.31, 2);
        log.write(0.31, 0.8, 3);
        assertThat(run()).isPresent();
        log.write(0.8, 1, 4);
        DatasetManifest last = run().orElseThrow();

        assertThat(last.version()).isEqualTo(3);
        assertThat(last.total().rows()).isEqualTo(EVENTS);
        assertThat(last.added().rows()).isBetween(EVENTS / 6L, EVENTS / 4L);
        assertThat(last.files()).containsAll(first.files());
        assertThat(last.gate().passed()).as(last.gate().toString()).isTrue();
        assertThat(rows(last)).isEqualTo(folded());
        assertThat(datasets.get("t", 1)).isEqualTo(first);
        try (Stream<Path> left = Files.list(disk)) {
            assertThat(left).as("nothing is left behind on disk").isEmpty();
        }
    }

    @Test
    void carriedStatesAreThoseOfAPlainFold() throws IOException {
        plan = PLAN;
        log.write(0, 0.5, 1);
        run();
        log.write(0.5, 1, 2);
        DatasetManifest last = run().orElseThrow();
        AccountStateCodec codec = new AccountStateCodec(plan);
        for (PartitionProgress progress : last.progress()) {
            Map<String, FeatureState> folded = new HashMap<>();
            fold(progress.partition(), folded, new TreeMap<>());
            Map<String, byte[]> carried = new HashMap<>();
            AccountFiles.load(lake, progress.states(), plan.fingerprint(), "it", carried::put);
            assertThat(carried.keySet()).isEqualTo(folded.keySet());
            carried.forEach((account, bytes) -> {
                AccountState state = codec.decode(bytes);
                assertThat(plan.encode(state.features()))
                        .isEqualTo(plan.encode(Objects.requireNonNull(folded.get(account))));
            });
        }
    }

    @Test
    void filesHoldOneDateEachAndAreAsTheManifestSays() throws IOException {
        log.write(0, 1, 1);
        DatasetManifest version = run().orElseThrow();
        long rows = 0;
        for (DataFile file : version.files()) {
            assertThat(file.name()).contains("/event_date=" + file.date() + "/part-");
            assertThat(file.rows()).isBetween(1L, 150L);
            assertThat(lake.get(file.name()).orElseThrow().content()).hasSize((int) file.sizeBytes());
            assertThat(read(file))
                    .hasSize((int) file.rows())
                    .allMatch(row ->
                            Instant.ofEpochMilli((long) row[3]).toString().startsWith(file.date()));
            rows += file.rows();
        }
        assertThat(rows).isEqualTo(EVENTS);
    }

    @Test
    void nothingNewMakesNoVersion() throws IOException {
        assertThat(run()).as("no files at all").isEmpty();
        log.write(0, 0.5, 1);
        DatasetManifest first = run().orElseThrow();
        List<BlobStore.Entry> before = lake.list("processed-transactions/");
        assertThat(run()).isEmpty();
        assertThat(lake.list("processed-transactions/")).isEqualTo(before);
        assertThat(datasets.newest("t")).contains(first);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void afterAKillAtAnyWriteTheNextRunGivesWhatAnUndisturbedOneDoes(boolean afterwards) throws IOException {
        log = new RawLog(lake, 300);
        // Two partitions of the three are enough, and every write costs two runs.
        for (int partition = 0; partition < 2; partition++) {
            int size = log.size(partition);
            log.write(partition, 0, size / 2, 1);
            log.write(partition, size / 2, size, 2);
        }
        EtlSettings few = new EtlSettings("processed-transactions", 1_000, 30, 1, GATE);
        DatasetManifest undisturbed =
                job(lake, "undisturbed", few).run(Progress.NONE).orElseThrow();
        // Every second write without effect, and the others with it.
        int write = afterwards ? 1 : 0;
        while (true) {
            String dataset = "killed-" + write;
            BreakingStore breaking = new BreakingStore(lake, write, afterwards);
            try {
                job(breaking, dataset, few).run(Progress.NONE);
            } catch (IOException e) {
                assertThat(e).hasMessage("killed");
            }
            if (!breaking.isBroken()) {
                break;
            }
            Optional<DatasetManifest> published = datasets.newest(dataset);
            if (published.isEmpty()) {
                published = job(lake, dataset, few).run(Progress.NONE);
            } else {
                assertThat(job(lake, dataset, few).run(Progress.NONE)).isEmpty();
            }
            same(published.orElseThrow(), undisturbed);
            write += 2;
        }
        assertThat(write).isGreaterThan(undisturbed.files().size() + 4);
    }

    @Test
    void whatAKilledRunHasFinishedIsTakenOver() throws IOException {
        log = new RawLog(lake, 300);
        log.write(0, 1, 1);
        EtlSettings few = new EtlSettings("processed-transactions", 1_000, 30, 1, GATE);
        int writes = 0;
        while (lake.list("processed-transactions/").stream()
                .noneMatch(entry -> entry.name().endsWith("result.json"))) {
            BreakingStore breaking = new BreakingStore(lake, writes++, true);
            assertThatThrownBy(() -> job(breaking, "t", few).run(Progress.NONE)).hasMessage("killed");
        }
        BreakingStore counting = new BreakingStore(lake, Integer.MAX_VALUE, false);
        List<BlobStore.Entry> before = lake.list("processed-transactions/");
        assertThat(job(counting, "t", few).run(Progress.NONE)).isPresent();
        assertThat(lake.list("processed-transactions/")).containsAll(before);
    }

    @Test
    void aFileThatComesLateOnlyRepeats() throws IOException {
        log.write(0, 0.5, 10);
        run();
        log.write(0, 10, 60, 5);
        assertThat(run()).as("sorts before what was read").isEmpty();
        log.write(0.4, 1, 20);
        DatasetManifest second = run().orElseThrow();
        assertThat(second.added().repeated()).isBetween(EVENTS / 11L, EVENTS / 9L);
        assertThat(second.captured()).extracting(CapturedInput::file).noneMatch(file -> file.endsWith("00/05/00.avro"));
        assertThat(rows(second)).isEqualTo(folded());
    }

    @Test
    void aGapIsRefusedUntilTheMissingFileIsThere() throws IOException {
        log.write(0, 0.5, 10);
        log.write(0.6, 1, 30);
        assertThatThrownBy(this::run).isInstanceOf(CaptureGapException.class).hasMessageContaining("00/30/00.avro");
        assertThat(datasets.newest("t")).isEmpty();

        log.write(0.5, 0.6, 20);
        assertThat(rows(run().orElseThrow())).isEqualTo(folded());
    }

    @Test
    void aGapThatIsAcceptedIsCountedAndFailsTheGate() throws IOException {
        log.write(0, 0.5, 10);
        log.write(0.6, 1, 30);
        EtlRequest request = request(log.files(), "t", plan, Optional.empty(), true);
        DatasetManifest version =
                new EtlJob(lake, SETTINGS, request, CLOCK).run(Progress.NONE).orElseThrow();
        assertThat(version.total().missing())
                .isEqualTo(EVENTS - version.total().rows())
                .isBetween(EVENTS / 11L, EVENTS / 9L);
        assertThat(version.gate().passed()).isFalse();
        assertThat(version.gate().failures().get(0)).contains("records are missing, at most 0");
    }

    @Test
    void aDamagedFileIsNamedAndNothingIsPublished() throws IOException {
        log.write(0, 0.5, 1);
        run();
        log.write(0.5, 0.7, 2);
        String damaged = log.write(1, (int) (0.7 * log.size(1)), log.size(1), 3);
        Path file = folder.resolve("raw-transactions").resolve(damaged);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 20));

        assertThatThrownBy(this::run)
                .isInstanceOf(DamagedCaptureException.class)
                .hasMessageContaining(damaged);
        assertThat(datasets.newest("t").orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void badRecordsAreCountedByReasonAndAreNoRows() throws IOException {
        long time = RawLog.START + 4L * EVENTS * 400_000;
        log.add(0, time, "no json".getBytes(StandardCharsets.UTF_8));
        log.add(1, time, "{\"transaction_id\":1}".getBytes(StandardCharsets.UTF_8));
        log.add(2, time, new byte[0]);
        byte[] ofAnother = log.at(0, 0).body();
        log.add(1, time, ofAnother == null ? new byte[0] : ofAnother);
        log.addLate(0, time, RawLog.START - 40L * 24 * 3_600_000);
        log.write(0, 1, 1);
        DatasetManifest version = run().orElseThrow();
        assertThat(version.total().bad()).isEqualTo(Map.of("not-json", 2L, "missing-field", 1L, "wrong-partition", 1L));
        assertThat(version.total().rows()).isEqualTo(EVENTS + 1);
        assertThat(version.total().records()).isEqualTo(EVENTS + 5);
        assertThat(version.gate().passed()).isTrue();
        assertThat(version.total().columns())
                .hasEntrySatisfying(
                        "amount", amount -> assertThat(amount.nulls()).isZero());
        assertThat(version.total().late()).isOne();
    }

    @Test
    void aTopicThatWasRecreatedIsRefused() throws IOException {
        log.write(0, 0.5, 1);
        run();
        log.write("g2", 0, 0, 10, 2);
        assertThatThrownBy(this::run)
                .hasMessageContaining("00/02/00.avro is of another generation of the topic than g1");

        EtlRequest other = request(log.files(), "other", plan, Optional.of("g2"), false);
        DatasetManifest anew =
                new EtlJob(lake, SETTINGS, other, CLOCK).run(Progress.NONE).orElseThrow();
        assertThat(anew.total().rows()).isEqualTo(10);
    }

    @Test
    void aHubThatWasRecreatedIsToldByItsTimesWhereFilesDoNotSay() throws IOException {
        log.write("", 0, 0, 100, 1);
        run();
        RawLog later = new RawLog(lake, 0);
        for (int i = 0; i < 20; i++) {
            later.add(0, log.at(0, 200 + i).enqueuedTimeMs(), "{}".getBytes(StandardCharsets.UTF_8));
        }
        later.write("", 0, 0, 20, 2);
        assertThatThrownBy(this::run).hasMessageContaining("the event hub was recreated");
    }

    @Test
    void aDatasetIsOfOnePlanAndOneLogForEver() throws IOException {
        log.write(0, 0.5, 1);
        run();
        log.write(0.5, 1, 2);
        EtlRequest other = request(log.files(), "t", FeaturePlan.named("sensor"), Optional.empty(), false);
        assertThatThrownBy(() -> new EtlJob(lake, SETTINGS, other, CLOCK).run(Progress.NONE))
                .hasMessageContaining("dataset t is of")
                .hasMessageContaining("sensor");
        assertThatThrownBy(() -> job(lake, "../t", SETTINGS)).hasMessageContaining("'../t'");
    }

    private static void same(DatasetManifest one, DatasetManifest other) {
        assertThat(one.files().stream().map(DataFile::sha256).toList())
                .isEqualTo(other.files().stream().map(DataFile::sha256).toList());
        assertThat(one.total()).isEqualTo(other.total());
        assertThat(one.captured()).isEqualTo(other.captured());
        assertThat(one.version()).isEqualTo(1);
    }

    private Optional<DatasetManifest> run() throws IOException {
        return job(lake, "t", SETTINGS).run(Progress.NONE);
    }

    private EtlJob job(BlobStore store, String dataset, EtlSettings settings) {
        CaptureFiles files = new CaptureFiles(store, "raw-transactions", "outrider", "transactions");
        return new EtlJob(store, settings, request(files, dataset, plan, Optional.empty(), false), CLOCK);
    }

    private static FeaturePlan narrow(int features) {
        Config plan = ConfigFactory.parseResources("plans/transactions.conf").resolve();
        List<? extends ConfigValue> few = plan.getList("features").subList(0, features);
        return FeaturePlan.compile(plan.withValue("features", ConfigValueFactory.fromIterable(few)));
    }

    private EtlRequest request(
            CaptureFiles files, String dataset, FeaturePlan plan, Optional<String> generation, boolean acceptGaps) {
        return new EtlRequest(dataset, files, RawLog.PARTITIONS, "murmur2", plan, generation, acceptGaps, risk, disk);
    }

    /** Every row's event and the bits of its vector, by partition and sequence number. */
    private Map<String, String> rows(DatasetManifest version) throws IOException {
        EventTable table = new EventTable(plan);
        Map<String, String> rows = new TreeMap<>();
        for (DataFile file : version.files()) {
            for (Object[] row : read(file)) {
                String before = rows.put(
                        row[0] + "/" + row[1],
                        text((long) row[3], (String) row[4], (String) row[5], (Double) row[6], table.vector(row)));
                assertThat(before).as("each once").isNull();
            }
        }
        return rows;
    }

    private List<Object[]> read(DataFile file) throws IOException {
        List<Object[]> rows = new ArrayList<>();
        try (TableFileReader reader = new TableFileReader(folder.resolve(file.name()))) {
            for (Object[] row = reader.next(); row != null; row = reader.next()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private Map<String, String> folded() {
        Map<String, String> rows = new TreeMap<>();
        for (int partition = 0; partition < RawLog.PARTITIONS; partition++) {
            fold(partition, new HashMap<>(), rows);
        }
        return rows;
    }

    private void fold(int partition, Map<String, FeatureState> accounts, Map<String, String> rows) {
        TransactionDecoder decoder = new TransactionDecoder(EventSchema.TRANSACTIONS);
        double[] vector = new double[plan.size()];
        for (int i = 0; i < log.size(partition); i++) {
            CapturedEvent event = log.at(partition, i);
            if (event.body() == null
                    || !(decoder.decode(event.body(), event.enqueuedTimeMs()) instanceof Transaction transaction)) {
                continue;
            }
            FeatureState state = accounts.computeIfAbsent(transaction.account(), account -> plan.newState());
            plan.apply(state, transaction, MerchantRisk.NONE, vector);
            rows.put(
                    partition + "/" + i,
                    text(
                            transaction.eventTimeMs(),
                            transaction.transactionId(),
                            transaction.account(),
                            transaction.amount(),
                            vector));
        }
    }

    private static String text(long eventTimeMs, String id, String account, double amount, double[] vector) {
        StringBuilder text = new StringBuilder();
        text.append(eventTimeMs)
                .append(' ')
                .append(id)
                .append(' ')
                .append(account)
                .append(' ')
                .append(amount);
        for (double value : vector) {
            text.append(' ').append(Long.toHexString(Double.doubleToLongBits(value)));
        }
        return text.toString();
    }
}
