package io.outrider.training.etl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.event.EventSchema;
import io.outrider.core.event.Label;
import io.outrider.core.event.LabelEncoder;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.feature.FeatureState;
import io.outrider.core.model.ContextRef;
import io.outrider.core.port.BlobStore;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.core.risk.MerchantRiskLedger;
import io.outrider.core.risk.RiskBook;
import io.outrider.core.risk.RiskTableCodec;
import io.outrider.core.risk.Verdict;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.capture.CaptureFileBuilder;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.capture.CapturedEvent;
import io.outrider.lake.checkpoint.AccountStream;
import io.outrider.lake.checkpoint.Checkpoint;
import io.outrider.lake.checkpoint.ContextHistory;
import io.outrider.lake.checkpoint.PartitionCheckpoints;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Claim;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Outcome;
import io.outrider.lake.risk.RiskFiles;
import io.outrider.lake.table.TableFileReader;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.DatasetOrigin;
import io.outrider.training.dataset.QualityGate;
import io.outrider.training.fit.Progress;
import io.outrider.training.job.Job;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merchants' features as live ones, or of declared labels; labels as they were known. */
class RiskAndLabelsTest {

    private static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    private static final EtlSettings SETTINGS =
            new EtlSettings("processed-transactions", 1_000, 30, 1, new QualityGate(1, 0.01, 0.5, 0, 0));
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-04-02T00:00:00Z"), ZoneOffset.UTC);
    private static final Duration WEEK = Duration.ofDays(7);

    /** Offsets at which tables come into force in every partition: 0 is none. */
    private static final TreeMap<Long, Long> TABLE_FROM = new TreeMap<>(Map.of(0L, 0L, 20L, 1L, 45L, 2L));

    @TempDir
    private Path folder;

    @TempDir
    private Path disk;

    private BlobStore lake;
    private RawLog log;
    private CaptureFiles labels;
    private RiskFiles tables;

    @BeforeEach
    void open() throws IOException {
        lake = new FolderBlobStore(folder);
        log = new RawLog(lake, 300);
        labels = new CaptureFiles(lake, "raw-transactions", "outrider", "labels");
        tables = new RiskFiles(lake, "transactions");
    }

    @Test
    void featuresOfMerchantsAreThoseOfTheTableInForceAtEachRecord() throws IOException {
        publishTables();
        for (int partition = 0; partition < RawLog.PARTITIONS; partition++) {
            decideLive(partition, log.size(partition));
        }
        log.write(0, 0.4, 1);
        DatasetManifest first = run(inForce(false)).orElseThrow();
        log.write(0.4, 1, 2);
        DatasetManifest last = run(inForce(false)).orElseThrow();
        assertThat(first.origin().risk()).isEqualTo(DatasetOrigin.IN_FORCE);
        assertThat(rows(last)).isEqualTo(foldedLive());
        assertThat(rows(last)).isNotEqualTo(folded((partition, offset) -> MerchantRisk.NONE));
        assertThat(last.gate().passed()).isTrue();
    }

    @Test
    void whatIsNotDecidedYetWaits() throws IOException {
        publishTables();
        decideLive(0, log.size(0));
        decideLive(1, 10);
        log.write(0, 0.5, 1);
        log.write(0.5, 1, 2);
        DatasetManifest version = run(inForce(false)).orElseThrow();
        assertThat(version.total().rows())
                .as("of partition 1 and the never claimed 2, nothing")
                .isEqualTo(log.size(0));
        decideLive(1, log.size(1));
        assertThat(run(inForce(false)).orElseThrow().total().rows()).isEqualTo(log.size(0) + log.size(1));
        assertThat(run(inForce(false))).isEmpty();
    }

    @Test
    void aTableThatIsGoneIsRefusedAndAcceptedOnlyWhereToldSo() throws IOException {
        publishTables();
        decideLive(0, log.size(0));
        tables.deleteTable(2);
        log.write(0, 1, 1);
        assertThatThrownBy(() -> run(inForce(false)))
                .hasMessageContaining("merchant-risk table 2, in force at record 45, is gone")
                .hasMessageContaining("--accept-missing-risk");
        DatasetManifest version = run(inForce(true)).orElseThrow();
        assertThat(version.total().staleRisk()).isEqualTo(log.size(0) - 45);
        assertThat(version.gate().failures().get(0))
                .contains("stale merchant risk", "(outrider.etl.gate.max-stale-risk-share)");
    }

    @Test
    void aSupervisedRunFailsAtOnceWhereATableIsGoneAndGoesOnWhereToldSo() throws Exception {
        publishTables();
        decideLive(0, log.size(0));
        tables.deleteTable(2);
        log.write(0, 1, 1);
        SupervisedEtl supervised = new SupervisedEtl((on, accept) -> job(inForce(accept)));

        assertThatThrownBy(() -> supervised.run(new Attempt(Map.of(), disk)))
                .isInstanceOf(Job.HopelessException.class)
                .hasMessage("merchant-risk table 2, in force at record 45, is gone; an ETL run with"
                        + " accept-missing-risk=true goes on with an older table, and fails the quality gate unless"
                        + " outrider.etl.gate.max-stale-risk-share is raised");
        assertThatThrownBy(() -> supervised.check(Map.of("accept-missing-risk", "yes")))
                .isInstanceOf(Job.RefusedException.class)
                .hasMessage("accept-missing-risk must be true or false");
        assertThatThrownBy(() -> supervised.check(Map.of("accept-gaps", "true")))
                .hasMessage("ETL takes the parameter accept-missing-risk alone");

        Map<String, String> parameters = Map.of("accept-missing-risk", "true");
        supervised.check(parameters);
        JobResult result = supervised.run(new Attempt(parameters, disk));
        assertThat(result.results()).containsEntry("version", "1").containsEntry("gate", "failed");
        assertThat(supervised.run(new Attempt(Map.of(), disk)).nothingNew()).isTrue();
    }

    /** An attempt that nobody follows. */
    private record Attempt(Map<String, String> parameters, Path disk) implements JobContext {

        @Override
        public String runId() {
            return "etl-1";
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public Instant requestedAt() {
            return CLOCK.instant();
        }

        @Override
        public void progress(double fraction, String message, Map<String, Long> counters) {
            assertThat(fraction).isBetween(0.0, 1.0);
        }

        @Override
        public void checkStopped() {}

        @Override
        public boolean goesOnElsewhere() {
            return false;
        }
    }

    @Test
    void recordsBeforeTheHistoryAreRefused() throws IOException {
        publishTables();
        PartitionCheckpoints checkpoints = new PartitionCheckpoints(lake, "transactions", 0);
        checkpoints.claim(claim(0, 5));
        log.write(0, 0, 5, 1);
        assertThatThrownBy(() -> run(inForce(false))).hasMessageContaining("record 0 lies before the history");
        assertThat(run(inForce(true)).orElseThrow().total().staleRisk()).isEqualTo(5);
    }

    @Test
    void anImportKnowsOfMerchantsWhatAnEvaluationDoes() throws IOException {
        EtlRisk.Declared declared = new EtlRisk.Declared(Duration.ofDays(1), 1_000);
        log.write(0, 0.3, 1);
        DatasetManifest first = run(declared).orElseThrow();
        assertThat(first.ledger()).isNotNull();
        log.write(0.3, 1, 2);
        DatasetManifest last = run(declared).orElseThrow();
        assertThat(last.total().rows()).isEqualTo(300);
        assertThat(last.origin().labelDelay()).contains(Duration.ofDays(1));

        // The versions cut the log by partitions, not by time: the plain fold takes both parts one after the other.
        Map<String, String> expected = new TreeMap<>();
        MerchantRiskLedger ledger = new MerchantRiskLedger(1_000);
        Map<String, FeatureState> states = new HashMap<>();
        foldDeclared(0, 0.3, ledger, states, expected);
        foldDeclared(0.3, 1, ledger, states, expected);
        assertThat(rows(last)).isEqualTo(expected);
        assertThatThrownBy(() -> run(inForce(false))).hasMessageContaining("give another name");
    }

    @Test
    void labelsAreJoinedAsTheyWereKnownAtATime() throws IOException {
        log.write(0, 1, 1);
        Transaction one = event(0, 3);
        Transaction other = event(1, 3);
        long hour = 3_600_000;
        long start = one.eventTimeMs() + 10 * hour;
        writeLabels(0, List.of(labelled(one, true, 1, start), labelled(one, false, 2, start + hour)), 1);
        DatasetManifest first = run(inForce(false)).orElseThrow();
        writeLabels(
                2,
                List.of(
                        labelled(other, true, 1, start + 2 * hour),
                        new Appended(0, "{}".getBytes(StandardCharsets.UTF_8))),
                2);
        DatasetManifest second = run(inForce(false)).orElseThrow();

        assertThat(first.labels().count()).isEqualTo(2);
        assertThat(second.version()).as("new labels alone make a version").isEqualTo(2);
        assertThat(second.labels().count()).isEqualTo(3);
        assertThat(second.labels().bad()).isEqualTo(Map.of("missing-field", 1L));
        assertThat(second.files()).isEqualTo(first.files());
        assertThat(run(inForce(false))).isEmpty();

        assertThat(known(second, one, start - 1_000)).isEmpty();
        assertThat(known(second, one, start)).contains(new KnownLabels.Known(true, start / 1000 * 1000, 1));
        assertThat(known(second, one, start + hour))
                .map(KnownLabels.Known::fraud)
                .contains(false);
        assertThat(known(second, other, start + hour)).isEmpty();
        assertThat(known(second, other, start + 2 * hour))
                .map(KnownLabels.Known::fraud)
                .contains(true);
        assertThat(known(first, other, start + 2 * hour))
                .as("version 1 stays as it was")
                .isEmpty();
        Transaction silent = event(2, 3);
        assertThat(known(second, silent, silent.eventTimeMs() + WEEK.toMillis() - 1))
                .isEmpty();
        assertThat(known(second, silent, silent.eventTimeMs() + WEEK.toMillis()))
                .contains(new KnownLabels.Known(false, silent.eventTimeMs() + WEEK.toMillis(), 0));
    }

    private Optional<KnownLabels.Known> known(DatasetManifest version, Transaction event, long asOfMs)
            throws IOException {
        return KnownLabels.read(lake, version, asOfMs, WEEK, disk).of(event);
    }

    private void writeLabels(int from, List<Appended> appended, int minute) throws IOException {
        CaptureFileBuilder file = new CaptureFileBuilder("l", from);
        for (int i = 0; i < appended.size(); i++) {
            Appended one = appended.get(i);
            file.add(new CapturedEvent(from + i, "", one.timeMs(), Map.of(), Map.of(), one.body()));
        }
        labels.create(labels.name(0, Instant.parse("2026-04-01T00:00:00Z").plusSeconds(60L * minute)), file.finish());
    }

    private record Appended(long timeMs, byte[] body) {}

    private static Appended labelled(Transaction event, boolean fraud, int version, long appendMs) {
        byte[] body = LabelEncoder.encode(new Label(
                event.transactionId(),
                event.account(),
                event.merchant(),
                event.eventTimeMs(),
                fraud,
                "me",
                version,
                0));
        return new Appended(appendMs / 1000 * 1000, body);
    }

    private EtlRisk inForce(boolean acceptMissing) {
        return new EtlRisk.InForce("transactions", labels, acceptMissing);
    }

    private Optional<DatasetManifest> run(EtlRisk risk) throws IOException {
        return job(risk).run(Progress.NONE);
    }

    private EtlJob job(EtlRisk risk) {
        EtlRequest request = new EtlRequest(
                "t", log.files(), RawLog.PARTITIONS, "murmur2", PLAN, Optional.empty(), false, risk, disk);
        return new EtlJob(lake, SETTINGS, request, CLOCK);
    }

    /** Two tables, each with more frauds. */
    private void publishTables() throws IOException {
        RiskBook book = new RiskBook(WEEK, 1_000);
        for (int version = 1; version <= 2; version++) {
            for (int i = 0; i < 40; i++) {
                book.take(new Label(
                        "x" + version + "-" + i,
                        "konto-ü-" + i,
                        "shop \"" + i % 30 + "\"",
                        RawLog.START - 1_000,
                        i % 3 == version % 3,
                        "me",
                        1,
                        RawLog.START));
            }
            tables.publish(RiskTableCodec.encode(book.table()), tables.current());
        }
    }

    private static Claim claim(int partition, long startOffset) {
        return new Claim(
                "a", "transactions", RawLog.GENERATION, partition, startOffset, 1_000, "plan", new ContextRef("m", 0));
    }

    /** The partition's checkpoints up to an offset, with the contexts of {@link #TABLE_FROM}. */
    private void decideLive(int partition, long until) throws IOException {
        PartitionCheckpoints checkpoints = new PartitionCheckpoints(lake, "transactions", partition);
        Held held = checkpoints.claim(claim(partition, 0));
        List<Long> barriers =
                new ArrayList<>(TABLE_FROM.tailMap(1L).headMap(until).keySet());
        barriers.add(until);
        for (long offset : barriers) {
            if (offset > held.manifest().nextOffset()) {
                ContextRef context = new ContextRef("m", tableAt(offset));
                Checkpoint checkpoint = new Checkpoint(
                        held.manifest().barrier() + 1, offset, context, true, AccountStream.of(List.of()));
                held = ((Outcome.Written) checkpoints.advance(held, checkpoint)).held();
            }
        }
        assertThat(ContextHistory.read(lake, "transactions", partition, 0)
                        .orElseThrow()
                        .settledBelow())
                .isEqualTo(until);
    }

    private static long tableAt(long offset) {
        return TABLE_FROM.floorEntry(offset).getValue();
    }

    /** What is known at a record. */
    private interface RiskAt {
        MerchantRisk of(int partition, int offset) throws IOException;
    }

    private Map<String, String> foldedLive() throws IOException {
        return folded((partition, offset) -> tableAt(offset) == 0 ? MerchantRisk.NONE : tables.table(tableAt(offset)));
    }

    private Map<String, String> folded(RiskAt risk) throws IOException {
        Map<String, String> rows = new TreeMap<>();
        Map<String, FeatureState> states = new HashMap<>();
        double[] vector = new double[PLAN.size()];
        for (int partition = 0; partition < RawLog.PARTITIONS; partition++) {
            for (int offset = 0; offset < log.size(partition); offset++) {
                Transaction event = event(partition, offset);
                PLAN.apply(state(states, event), event, risk.of(partition, offset), vector);
                rows.put(partition + "/" + offset, Arrays.toString(vector));
            }
        }
        return rows;
    }

    private void foldDeclared(
            double from,
            double to,
            MerchantRiskLedger ledger,
            Map<String, FeatureState> states,
            Map<String, String> rows) {
        int[] next = new int[RawLog.PARTITIONS];
        for (int partition = 0; partition < next.length; partition++) {
            next[partition] = (int) (from * log.size(partition));
        }
        double[] vector = new double[PLAN.size()];
        while (true) {
            int least = -1;
            for (int partition = 0; partition < next.length; partition++) {
                boolean any = next[partition] < (int) (to * log.size(partition));
                if (any
                        && (least < 0
                                || event(partition, next[partition]).eventTimeMs()
                                        < event(least, next[least]).eventTimeMs())) {
                    least = partition;
                }
            }
            if (least < 0) {
                return;
            }
            Transaction event = event(least, next[least]);
            FeatureState state = state(states, event);
            ledger.advanceTo(event.eventTimeMs());
            PLAN.apply(state, event, ledger, vector);
            rows.put(least + "/" + next[least]++, Arrays.toString(vector));
            ledger.transaction(event.merchant(), event.eventTimeMs());
            ledger.verdict(new Verdict(
                    event.account(),
                    event.merchant(),
                    event.eventTimeMs(),
                    Boolean.TRUE.equals(event.fraud()),
                    !state.surgedAt(event.eventTimeMs()),
                    event.eventTimeMs() + 86_400_000));
        }
    }

    private static FeatureState state(Map<String, FeatureState> states, Transaction event) {
        return states.computeIfAbsent(event.account(), account -> PLAN.newState());
    }

    private Transaction event(int partition, int offset) {
        CapturedEvent event = log.at(partition, offset);
        byte[] body = Objects.requireNonNull(event.body());
        return (Transaction) new TransactionDecoder(EventSchema.TRANSACTIONS).decode(body, event.enqueuedTimeMs());
    }

    private Map<String, String> rows(DatasetManifest version) throws IOException {
        EventTable table = new EventTable(PLAN);
        Map<String, String> rows = new TreeMap<>();
        for (DataFile file : version.files()) {
            try (TableFileReader reader = new TableFileReader(folder.resolve(file.name()))) {
                for (Object[] row = reader.next(); row != null; row = reader.next()) {
                    rows.put(row[0] + "/" + row[1], Arrays.toString(table.vector(row)));
                }
            }
        }
        return rows;
    }
}
