package io.outrider.training.etl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.erasure.ErasureRequest;
import io.outrider.core.event.Erasure;
import io.outrider.core.event.EventSchema;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.core.event.TransactionEncoder;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.port.BlobStore;
import io.outrider.core.risk.MerchantRiskLedger;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.checkpoint.AccountFiles;
import io.outrider.lake.erasure.ErasureFiles;
import io.outrider.lake.table.TableFileReader;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.DatasetErasure;
import io.outrider.training.dataset.DatasetLease;
import io.outrider.training.dataset.DatasetLeases;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.DatasetReports;
import io.outrider.training.dataset.DatasetRows;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.LeaseUse;
import io.outrider.training.dataset.PartitionProgress;
import io.outrider.training.dataset.QualityGate;
import io.outrider.training.fit.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An account's rows, states and what ETL makes of it later, once it is erased. */
class DatasetErasureTest {

    private static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    private static final EtlSettings SETTINGS =
            new EtlSettings("processed-transactions", 150, 2, 2, new QualityGate(1, 0.01, 0.5, 0, 0));
    private static final int EVENTS = 400;
    private static final Clock HOUR_LATER = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
    private static final long LATER = RawLog.START + 30L * 86_400_000;

    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    @TempDir
    private Path folder;

    @TempDir
    private Path disk;

    private BlobStore lake;
    private RawLog log;
    private Datasets datasets;
    private ErasureFiles erasures;
    private String account;
    private LogPosition at;

    @BeforeEach
    void open() throws IOException {
        lake = new FolderBlobStore(folder);
        log = new RawLog(lake, EVENTS);
        datasets = new Datasets(lake, "processed-transactions");
        erasures = new ErasureFiles(lake, "transactions");
        account = event(0).account();
        at = new LogPosition(RawLog.GENERATION, 0, log.size(0));
    }

    @AfterEach
    void stop() {
        thread.shutdownNow();
    }

    private Transaction event(int number) {
        return (Transaction) new TransactionDecoder(EventSchema.TRANSACTIONS)
                .decode(Objects.requireNonNull(log.at(0, number).body()), LATER);
    }

    @Test
    void rowsAreReadByNobodyAtOnceAndAreThenInNoFile() throws IOException {
        log.write(0, 1, 1);
        DatasetManifest version = run().orElseThrow();
        assertThat(read(version)).contains(account);
        Set<String> others = new TreeSet<>(read(version));
        others.remove(account);
        ask();

        assertThat(read(version)).isEqualTo(others);

        DatasetReports reports = new DatasetReports(lake);
        reports.put("backtest-1", new byte[] {'{', '}'}, 10);
        assertThat(erasure().run(Duration.ZERO)).isEqualTo(1);
        assertThat(reports.get("backtest-1")).as("a report that names accounts").isEmpty();
        DatasetManifest without = datasets.get("t", 1);
        assertThat(stored(without)).isEqualTo(others);
        assertThat(states(without)).doesNotContainKey(account).hasSameSizeAs(others);
        for (DataFile file : version.files()) {
            assertThat(lake.get(file.name()).isPresent())
                    .isEqualTo(without.files().contains(file));
        }
        assertThat(erasures.list().requests().get(0).datasetsAt()).isNotNull();
        assertThat(erasure().run(Duration.ZERO)).isZero();
    }

    @Test
    void etlGoesOnWithoutTheAccountAndBeginsItAnewBehindTheErasure() throws IOException {
        log.write(0, 0.5, 1);
        run();
        ask();
        erasure().run(Duration.ZERO);
        int before = log.size(0);
        log.add(0, LATER, new Erasure("e", account).encode("user_id"));
        Transaction again = new Transaction("again", account, 70, LATER, null, null, null, "EUR", null);
        log.add(0, LATER, new TransactionEncoder(EventSchema.TRANSACTIONS).encode(again));
        for (int partition = 1; partition < RawLog.PARTITIONS; partition++) {
            log.write(partition, (int) (0.5 * log.size(partition)), log.size(partition), 2);
        }
        log.write(0, (int) (0.5 * before), log.size(0), 2);
        DatasetManifest last = run().orElseThrow();

        List<Long> rows = new ArrayList<>();
        new DatasetRows(lake, last, PLAN, disk)
                .from(
                        "",
                        row -> {
                            if (row.account().equals(account)) {
                                rows.add(row.sequenceNumber());
                            }
                        },
                        share -> {});
        assertThat(rows).containsExactly(at.offset() + 1);
        assertThat(stored(last)).contains(account);
        byte[] state = Objects.requireNonNull(states(last).get(account));
        assertThat(new AccountStateCodec(PLAN).decode(state).features().events())
                .isEqualTo(1);
    }

    /** What the version before names is replaced and deleted while ETL makes the next one over it. */
    @Test
    void aVersionThatWasMadeMeanwhileNamesWhatIsThere() throws IOException {
        log.write(0, 0, log.size(0), 1);
        for (int partition = 1; partition < RawLog.PARTITIONS; partition++) {
            log.write(partition, 0, (int) (0.5 * log.size(partition)), 1);
        }
        run();
        for (int partition = 1; partition < RawLog.PARTITIONS; partition++) {
            log.write(partition, (int) (0.5 * log.size(partition)), log.size(partition), 2);
        }
        AtomicBoolean asked = new AtomicBoolean();

        DatasetManifest next = run((stage, share) -> {
                    if (!asked.getAndSet(true)) {
                        askAndErase();
                    }
                })
                .orElseThrow();

        assertThat(next).isEqualTo(datasets.get("t", 2));
        assertThat(stored(next)).doesNotContain(account).hasSizeGreaterThan(10);
        assertThat(erasures.list().requests().get(0).datasetsAt()).isNull();
        assertThat(erasure().run(Duration.ZERO)).isEqualTo(1);
        assertThat(stored(datasets.get("t", 2))).doesNotContain(account);
        assertThat(states(datasets.get("t", 2))).doesNotContainKey(account);
    }

    private void askAndErase() {
        try {
            ask();
            assertThat(erasure().run(Duration.ZERO))
                    .as("the run that goes on may name more")
                    .isZero();
            assertThat(erasures.list().requests().get(0).datasetsAt()).isNull();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void filesOfAKilledRunGoBeforeTheErasureIsCalledDone() throws IOException {
        log.write(0, 0.5, 1);
        run();
        Set<String> others = read(datasets.get("t", 1));
        assertThat(others.remove(account)).isTrue();
        log.write(0.5, 1, 2);
        DatasetLease killed = killedRun();
        ask();
        assertThat(unnamed()).isNotEmpty();

        assertThat(erasure().run(Duration.ZERO))
                .as("the run may be there still")
                .isZero();
        assertThat(erasures.list().requests().get(0).datasetsAt()).isNull();
        assertThat(stored(datasets.get("t", 1))).doesNotContain(account);
        assertThat(unnamed()).isNotEmpty();

        assertThat(erasure(HOUR_LATER).run(Duration.ZERO)).isEqualTo(1);
        assertThat(erasures.list().requests().get(0).datasetsAt()).isNotNull();
        assertThat(unnamed()).isEmpty();
        assertThat(read(datasets.get("t", 1))).isEqualTo(others);
        assertThatThrownBy(killed::confirm)
                .hasMessageContaining("ETL that was killed")
                .hasMessageContaining("run again");
        assertThat(run()).as("ETL goes on").isPresent();
    }

    @Test
    void anErasureThatWasCalledDoneByAProgramThatLetSuchFilesBeIsDoneAgainOnce() throws IOException {
        log.write(0, 0.5, 1);
        run();
        log.write(0.5, 1, 2);
        killedRun().close();
        ask();
        erasures.put(erasures.list().requests().get(0).withoutDatasets("2026-04-01T00:00:01Z"));

        assertThat(erasure(HOUR_LATER).run(Duration.ZERO)).isEqualTo(1);
        assertThat(unnamed()).isEmpty();
        assertThat(erasure(HOUR_LATER).run(Duration.ZERO)).isZero();
    }

    /** A run that was frozen has put its results after its files were swept. */
    @Test
    void aResultThatNamesFilesThatWereSweptIsNotTakenOver() throws IOException {
        log.write(0, 1, 1);
        killedRun().close();
        List<String> rows = new ArrayList<>(unnamed());
        rows.removeIf(name -> !name.endsWith(".parquet"));
        List<String> states = new ArrayList<>(unnamed());
        states.removeIf(name -> !name.endsWith(".avro"));
        lake.delete(rows.get(0));
        lake.delete(states.get(states.size() - 1));

        DatasetManifest version = run().orElseThrow();
        for (String name : version.fileNames()) {
            assertThat(lake.get(name)).as(name).isPresent();
        }
        assertThat(read(version)).contains(account);
    }

    /** What a pass has copied holds for the erasures that it knew. */
    @Test
    void oneThatComesWhileAnotherWaitsIsErasedToo() throws IOException {
        log.write(0, 1, 1);
        run();
        ask();
        DatasetErasure erasure = erasure();
        String second = read(datasets.get("t", 1)).iterator().next();
        try (DatasetLease etl = new DatasetLeases(lake, "processed-transactions", Clock.systemUTC())
                .take(LeaseUse.WRITE, "ETL of another dataset")) {
            assertThat(erasure.run(Duration.ZERO)).isZero();
            DatasetReports reports = new DatasetReports(lake);
            reports.put("backtest-2", new byte[] {'{', '}'}, 10);
            assertThat(erasure.run(Duration.ZERO)).isZero();
            assertThat(reports.get("backtest-2"))
                    .as("made since, without the account")
                    .isPresent();
            etl.confirm();
        }
        for (int partition = 0; partition < RawLog.PARTITIONS; partition++) {
            LogPosition place = new LogPosition(RawLog.GENERATION, partition, log.size(partition));
            erasures.put(new ErasureRequest(
                    "e" + partition, erasures.hash().of(second), "ann", "2026-04-01T00:00:00Z", place, null, null));
        }

        assertThat(erasure.run(Duration.ZERO)).isEqualTo(1 + RawLog.PARTITIONS);
        assertThat(stored(datasets.get("t", 1))).isNotEmpty().doesNotContain(account, second);
    }

    @Test
    void anErasureComesToItsEndAsSoonAsEtlHasEnded() throws Exception {
        log.write(0, 1, 1);
        run();
        ask();
        AtomicInteger leasesEnded = new AtomicInteger();
        BlobStore counted = (BlobStore) Proxy.newProxyInstance(
                BlobStore.class.getClassLoader(), new Class<?>[] {BlobStore.class}, (proxy, method, with) -> {
                    Object result = method.invoke(lake, with);
                    if (method.getName().equals("delete") && with[0].toString().contains("/_leases/")) {
                        leasesEnded.incrementAndGet();
                    }
                    return result;
                });
        DatasetErasure erasure =
                new DatasetErasure(counted, "processed-transactions", "transactions", disk, Clock.systemUTC());
        DatasetLease etl = new DatasetLeases(lake, "processed-transactions", Clock.systemUTC())
                .take(LeaseUse.WRITE, "ETL of another dataset");
        Future<Integer> done;
        try (etl) {
            done = thread.submit(() -> erasure.run(Duration.ofMinutes(5)));
            await().until(() -> leasesEnded.get() >= 2); // the second was refused
            assertThat(done).isNotDone();
        }
        assertThat(done.get(1, TimeUnit.MINUTES)).isEqualTo(1);
    }

    @Test
    void manyFilesAreSweptToTheLast() throws IOException {
        log.write(0, 1, 1);
        run();
        ask();
        for (int file = 0; file < 501; file++) {
            lake.put("processed-transactions/t/data/left/" + file + ".parquet", new byte[] {1});
        }
        assertThat(erasure().run(Duration.ZERO)).isEqualTo(1);
        assertThat(unnamed()).isEmpty();
    }

    /** Leaves what a run puts into the lake before its version, and its lease. */
    private DatasetLease killedRun() throws IOException {
        assertThatThrownBy(() -> run((stage, share) -> {
                    if (share == 1) {
                        throw new IllegalStateException("killed");
                    }
                }))
                .hasMessage("killed");
        return new DatasetLeases(lake, "processed-transactions", Clock.systemUTC())
                .take(LeaseUse.WRITE, "ETL that was killed");
    }

    /** Files of the dataset that its versions do not name. */
    private Set<String> unnamed() throws IOException {
        Set<String> names = new TreeSet<>();
        lake.list("processed-transactions/t/data/").forEach(entry -> names.add(entry.name()));
        for (int version : datasets.versions("t")) {
            names.removeAll(datasets.get("t", version).fileNames());
        }
        return names;
    }

    @Test
    void whatIsKnownOfTheAccountsFraudsGoesWithIt() throws IOException {
        at = new LogPosition(RawLog.GENERATION, 0, log.size(0) + 1L);
        fraud("before", LATER);
        log.write(0, 1, 1);
        DatasetManifest version = declared().orElseThrow();
        Set<String> others = frauds(version);
        assertThat(others.remove(account)).isTrue();
        ask();
        erasure().run(Duration.ZERO);

        DatasetManifest without = datasets.get("t", 1);
        assertThat(frauds(without)).isEqualTo(others).isNotEmpty();
        assertThat(lake.get(Objects.requireNonNull(version.ledger()).name())).isEmpty();
    }

    @Test
    void etlThatComesToTheErasureFirstGoesOnWithoutItsFrauds() throws IOException {
        at = new LogPosition(RawLog.GENERATION, 0, log.size(0) + 1L);
        fraud("before", LATER);
        log.write(0, 1, 1);
        declared();
        ask();
        int before = log.size(0);
        log.add(0, LATER, new Erasure("e", account).encode("user_id"));
        Transaction again = new Transaction("again", account, 70, LATER, null, null, null, "EUR", false);
        log.add(0, LATER, new TransactionEncoder(EventSchema.TRANSACTIONS).encode(again));
        log.write(0, before, log.size(0), 2);

        DatasetManifest next = declared().orElseThrow();
        assertThat(next.version()).isEqualTo(2);
        assertThat(frauds(next)).doesNotContain(account).isNotEmpty();
    }

    private void fraud(String id, long timeMs) {
        Transaction fraud = new Transaction(id, account, 70, timeMs, "shop", null, null, "EUR", true);
        log.add(0, timeMs, new TransactionEncoder(EventSchema.TRANSACTIONS).encode(fraud));
    }

    /** The accounts of which a version's ledger knows a fraud, be it later. */
    private Set<String> frauds(DatasetManifest version) throws IOException {
        byte[] content = Objects.requireNonNull(version.ledger()).read(lake);
        MerchantRiskLedger ledger = MerchantRiskLedger.decode(content, 1_000);
        ledger.advanceTo(LATER + Duration.ofDays(30).toMillis());
        Set<String> known = new TreeSet<>();
        for (int number = 0; number < 40; number++) {
            if (ledger.account("konto-ü-" + number, LATER) != null) {
                known.add("konto-ü-" + number);
            }
        }
        return known;
    }

    /** The request is in the list; its record lies where the log ends. */
    private void ask() throws IOException {
        erasures.put(new ErasureRequest(
                "e", erasures.hash().of(account), "ann", "2026-04-01T00:00:00Z", at, new LogPosition("l", 0, 9), null));
    }

    private DatasetErasure erasure() {
        return erasure(Clock.systemUTC());
    }

    private DatasetErasure erasure(Clock clock) {
        return new DatasetErasure(lake, "processed-transactions", "transactions", disk, clock);
    }

    private Optional<DatasetManifest> run() throws IOException {
        return run((stage, share) -> {});
    }

    private Optional<DatasetManifest> run(Progress progress) throws IOException {
        EtlRisk risk = new EtlRisk.InForce(
                "transactions", new CaptureFiles(lake, "raw-transactions", "outrider", "labels"), false);
        return run(risk, progress);
    }

    private Optional<DatasetManifest> declared() throws IOException {
        return run(new EtlRisk.Declared(Duration.ofDays(7), 1_000));
    }

    private Optional<DatasetManifest> run(EtlRisk risk) throws IOException {
        return run(risk, (stage, share) -> {});
    }

    private Optional<DatasetManifest> run(EtlRisk risk, Progress progress) throws IOException {
        EtlRequest request = new EtlRequest(
                "t", log.files(), RawLog.PARTITIONS, "murmur2", PLAN, Optional.empty(), false, risk, disk);
        return new EtlJob(lake, SETTINGS, request, Clock.systemUTC()).run(progress);
    }

    private Set<String> read(DatasetManifest version) throws IOException {
        Set<String> accounts = new TreeSet<>();
        new DatasetRows(lake, version, PLAN, disk).from("", row -> accounts.add(row.account()), share -> {});
        return accounts;
    }

    private Set<String> stored(DatasetManifest version) throws IOException {
        Set<String> accounts = new TreeSet<>();
        for (DataFile file : version.files()) {
            Path local = disk.resolve("file.parquet");
            Files.write(local, lake.get(file.name()).orElseThrow().content());
            try (TableFileReader reader = new TableFileReader(local)) {
                for (Object[] row = reader.next(); row != null; row = reader.next()) {
                    accounts.add(EventTable.event(row).account());
                }
            }
        }
        return accounts;
    }

    private Map<String, byte[]> states(DatasetManifest version) throws IOException {
        Map<String, byte[]> states = new HashMap<>();
        for (PartitionProgress progress : version.progress()) {
            AccountFiles.load(lake, progress.states(), PLAN.fingerprint(), "it", states::put);
        }
        return states;
    }
}
