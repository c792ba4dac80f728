package io.outrider.training.etl;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.alert.ScoredEvent;
import io.outrider.core.alert.ScoredEventCodec;
import io.outrider.core.decision.AlertSettings;
import io.outrider.core.decision.DetectionContext;
import io.outrider.core.decision.Detector;
import io.outrider.core.decision.ScoredEvents;
import io.outrider.core.event.EventSchema;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.core.feature.Feature;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.Calibration;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.ModelRecipe;
import io.outrider.core.model.ModelTrainer;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.PastDecisions.Past;
import io.outrider.core.port.PastDecisions.Place;
import io.outrider.core.port.PastDecisions.Search;
import io.outrider.core.pseudonym.AccountNames;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.capture.CaptureFileBuilder;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.capture.CapturedEvent;
import io.outrider.lake.checkpoint.AccountStream;
import io.outrider.lake.checkpoint.Checkpoint;
import io.outrider.lake.checkpoint.PartitionCheckpoints;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Claim;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Outcome;
import io.outrider.training.dataset.QualityGate;
import io.outrider.training.fit.Progress;
import io.outrider.training.past.LakeDecisions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the lake says of transactions long past, against what a detector decided of them in the order of the log. */
class LakeDecisionsTest {

    private static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    private static final EtlSettings SETTINGS =
            new EtlSettings("processed-transactions", 1_000, 30, 1, new QualityGate(1, 0.01, 0.5, 0, 0));
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-04-02T00:00:00Z"), ZoneOffset.UTC);

    /** From here on the second model decides, in every partition. */
    private static final int CHANGE = 40;

    @TempDir
    private Path folder;

    @TempDir
    private Path disk;

    private BlobStore lake;
    private RawLog log;
    private CaptureFiles scored;
    private Map<String, Model> models;
    private LakeDecisions decisions;

    @BeforeEach
    void open() throws IOException {
        lake = new FolderBlobStore(folder);
        log = new RawLog(lake, 300);
        scored = new CaptureFiles(lake, "raw-transactions", "outrider", "scored-transactions");
        models = models();
        decisions = decisions(Duration.ofMinutes(1));
    }

    private LakeDecisions decisions(Duration patience) {
        return new LakeDecisions(
                lake,
                SETTINGS.container(),
                PLAN,
                version -> Optional.ofNullable(models.get(version)).orElseThrow(() -> new IOException("no " + version)),
                new LakeDecisions.Log(
                        "transactions",
                        RawLog.PARTITIONS,
                        AccountPartitioner.named("murmur2"),
                        log.files(),
                        scored,
                        "t",
                        AccountNames.IDS,
                        patience),
                disk);
    }

    @AfterEach
    void close() {
        decisions.close();
    }

    @Test
    void whatADatasetHasIsScoredAgainAsItWasDecided() throws IOException {
        decideLive();
        log.write(0, 0.5, 1);
        etl();
        log.write(0.5, 1, 2);
        etl();
        Map<LogPosition, ScoredEvent> live = live();
        List<ScoredEvent> some = live.values().stream()
                .filter(decided ->
                        decided.alert() || decided.receipt().position().offset() % 9 == 0)
                .toList();
        for (ScoredEvent decided : some) {
            Transaction event = decided.transaction();
            List<Past> found = past(event, date(event)).found();
            assertThat(found).extracting(Past::place).containsOnly(Place.DATASET);
            assertThat(found).extracting(Past::scored).contains(decided);
            assertThat(found)
                    .as("each of this id, account and date, and no other")
                    .hasSameSizeAs(live.values().stream()
                            .filter(each -> isSame(each.transaction(), event))
                            .toList());
        }
        assertThat(some).extracting(ScoredEvent::alert).contains(true, false);
        assertThat(some)
                .extracting(each -> each.receipt().context().modelVersion())
                .containsAll(models.keySet());
    }

    @Test
    void withoutADateTheNewestFilesAreLookedThroughAndWithAnotherItIsNotFound() throws IOException {
        decideLive();
        log.write(0, 1, 1);
        etl();
        Transaction event = event(1, 3);

        assertThat(past(event, null).found()).isNotEmpty();
        Search other = past(event, date(event).plusDays(100));
        assertThat(other.found()).isEmpty();
        assertThat(other.lookedThrough())
                .containsExactly(
                        "dataset t:1 on " + date(event).plusDays(100) + " (0 files of partition 1)",
                        "captured transactions that are in no dataset yet (1 files)");
    }

    @Test
    void whoIsOutOfTimeIsToldHowFarItWasLookedThrough() throws IOException {
        decideLive();
        log.write(0, 1, 1);
        etl();
        Transaction event = event(1, 3);
        try (LakeDecisions hasty = decisions(Duration.ZERO)) {
            Search search = hasty.past(event.account(), event.transactionId(), date(event))
                    .toCompletableFuture()
                    .join();

            assertThat(search.found()).isEmpty();
            assertThat(search.lookedThrough().get(0))
                    .startsWith("dataset t:1 on " + date(event) + " (0 of ")
                    .contains(" files in the time there was of partition 1");
        }
    }

    @Test
    void whereTheModelIsGoneItSaysSo() throws IOException {
        decideLive();
        log.write(0, 1, 1);
        etl();
        models.clear();

        Past found = past(event(0, 5), null).found().get(0);

        assertThat(found.scored()).isNull();
        assertThat(found.unknown()).contains("which decided, cannot be loaded");
    }

    @Test
    void whatAModelOfAnotherPlanDecidedIsNotToldFromTheFeaturesOfThisOne() throws IOException {
        decideLive();
        log.write(0, 1, 1);
        etl();
        models.replaceAll((version, model) -> ofAnotherPlan(model));

        Past found = past(event(0, 5), null).found().get(0);

        assertThat(found.scored()).isNull();
        assertThat(found.unknown())
                .contains("which decided, is of feature plan another", "features of " + PLAN.fingerprint());
    }

    /** As many features, but not the same. */
    private static Model ofAnotherPlan(Model model) {
        ModelManifest known = model.manifest();
        return Model.of(
                model.fused(),
                new Model.Decided(
                        new ModelManifest.Plan(
                                PLAN.name(), "another", known.plan().features()),
                        known.calibration(),
                        known.policy(),
                        known.origin(),
                        Map.of()));
    }

    @Test
    void whatNoDatasetHasYetIsFoundInTheLogAndDecidedWhereScoredTransactionsAreCaptured() throws IOException {
        decideLive();
        log.write(0, 0.5, 1);
        etl();
        log.write(0.5, 1, 2);
        int late = log.size(2) - 1;
        Transaction event = event(2, late);

        Past logged = past(event, date(event)).found().get(0);
        assertThat(logged.place()).isEqualTo(Place.CAPTURE);
        assertThat(logged.position()).isEqualTo(new LogPosition(RawLog.GENERATION, 2, late));
        assertThat(logged.transaction()).isEqualTo(event);
        assertThat(logged.unknown()).contains("in no dataset yet");

        ScoredEvent decided = Objects.requireNonNull(live().get(logged.position()));
        capture(decided, date(event).plusDays(1));
        capture(decided, date(event).plusDays(1));
        List<Past> known = past(event, date(event)).found();
        assertThat(known).hasSize(1);
        assertThat(known.get(0).place()).isEqualTo(Place.CAPTURE);
        assertThat(known.get(0).scored()).isEqualTo(decided);
    }

    private Search past(Transaction event, @Nullable LocalDate on) {
        return decisions
                .past(event.account(), event.transactionId(), on)
                .toCompletableFuture()
                .join();
    }

    private static boolean isSame(Transaction one, Transaction other) {
        return one.account().equals(other.account())
                && one.transactionId().equals(other.transactionId())
                && date(one).equals(date(other));
    }

    private static LocalDate date(Transaction event) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(event.eventTimeMs()), ZoneOffset.UTC);
    }

    private void etl() throws IOException {
        EtlRequest request = new EtlRequest(
                "t",
                log.files(),
                RawLog.PARTITIONS,
                "murmur2",
                PLAN,
                Optional.empty(),
                false,
                new EtlRisk.InForce(
                        "transactions", new CaptureFiles(lake, "raw-transactions", "outrider", "labels"), false),
                disk);
        assertThat(new EtlJob(lake, SETTINGS, request, CLOCK).run(Progress.NONE))
                .isPresent();
    }

    private void capture(ScoredEvent decided, LocalDate on) throws IOException {
        CaptureFileBuilder file = new CaptureFileBuilder("s", 0);
        file.add(new CapturedEvent(0, "0", 0, Map.of(), Map.of(), ScoredEventCodec.encode(decided)));
        byte[] content = file.finish();
        int minute = 0;
        while (!scored.create(scored.name(1, on.atTime(3, minute).toInstant(ZoneOffset.UTC)), content)) {
            minute++;
        }
    }

    private ContextRef context(int offset) {
        return new ContextRef(List.copyOf(models.keySet()).get(offset < CHANGE ? 0 : 1), 0);
    }

    /** Checkpoints of all partitions up to their ends, with a change of models in between. */
    private void decideLive() throws IOException {
        for (int partition = 0; partition < RawLog.PARTITIONS; partition++) {
            PartitionCheckpoints checkpoints = new PartitionCheckpoints(lake, "transactions", partition);
            Held held = checkpoints.claim(
                    new Claim("a", "transactions", RawLog.GENERATION, partition, 0, 1_000, "plan", context(0)));
            for (int offset : new int[] {CHANGE, log.size(partition)}) {
                Checkpoint checkpoint = new Checkpoint(
                        held.manifest().barrier() + 1, offset, context(offset), true, AccountStream.of(List.of()));
                held = ((Outcome.Written) checkpoints.advance(held, checkpoint)).held();
            }
        }
    }

    /** What a detector decides, record by record. */
    private Map<LogPosition, ScoredEvent> live() {
        Map<LogPosition, ScoredEvent> decided = new LinkedHashMap<>();
        Detector detector = new Detector(PLAN, ScoredEvents.ALL);
        AccountStateCodec codec = new AccountStateCodec(PLAN);
        Map<String, AccountState> states = new HashMap<>();
        for (int partition = 0; partition < RawLog.PARTITIONS; partition++) {
            for (int offset = 0; offset < log.size(partition); offset++) {
                Transaction event = event(partition, offset);
                LogPosition position = new LogPosition(RawLog.GENERATION, partition, offset);
                ContextRef ref = context(offset);
                DetectionContext context = new DetectionContext(
                        ref, Objects.requireNonNull(models.get(ref.modelVersion())), MerchantRisk.NONE);
                AccountState state = states.computeIfAbsent(event.account(), account -> codec.fresh());
                decided.put(
                        position,
                        Objects.requireNonNull(
                                detector.decide(state, event, position, context).scored()));
            }
        }
        return decided;
    }

    private Transaction event(int partition, int offset) {
        CapturedEvent event = log.at(partition, offset);
        byte[] body = Objects.requireNonNull(event.body());
        return (Transaction) new TransactionDecoder(EventSchema.TRANSACTIONS).decode(body, event.enqueuedTimeMs());
    }

    /** Two small forests, fitted on the log itself. */
    private Map<String, Model> models() {
        Config config = ConfigFactory.parseString(
                        "outrider.model.recipes.transactions.forest { trees = 4, sample-size = 32 }")
                .withFallback(ConfigFactory.load())
                .resolve();
        ModelManifest.Plan plan = new ModelManifest.Plan(
                PLAN.name(),
                PLAN.fingerprint(),
                PLAN.features().stream().map(Feature::name).toList());
        FeatureMatrix rows = new FeatureMatrix(PLAN.size());
        AccountStateCodec codec = new AccountStateCodec(PLAN);
        Map<String, AccountState> states = new HashMap<>();
        double[] vector = new double[PLAN.size()];
        for (int partition = 0; partition < RawLog.PARTITIONS; partition++) {
            for (int offset = 0; offset < log.size(partition); offset++) {
                Transaction event = event(partition, offset);
                AccountState state = states.computeIfAbsent(event.account(), account -> codec.fresh());
                PLAN.apply(state.features(), event, MerchantRisk.NONE, vector);
                rows.add(vector);
            }
        }
        Map<String, Model> models = new LinkedHashMap<>();
        for (long seed = 1; seed <= 2; seed++) {
            Model model = model(config, plan, rows, seed);
            models.put(model.manifest().version(), model);
        }
        return models;
    }

    private static Model model(Config config, ModelManifest.Plan plan, FeatureMatrix rows, long seed) {
        FusedScore score = ModelTrainer.fit(ModelRecipe.read(config, PLAN.name()), plan, rows, seed);
        double[] raw = score.raw(rows);
        double[] sorted = raw.clone();
        Arrays.sort(sorted);
        return Model.of(
                score,
                new Model.Decided(
                        plan,
                        Calibration.fit(raw),
                        AlertSettings.read(config).terms(sorted[(int) (sorted.length * 0.9)]),
                        new ModelManifest.Origin(
                                "test", seed, Instant.EPOCH, Instant.ofEpochSecond(86_400), rows.rows(), Map.of()),
                        Map.of()));
    }
}
