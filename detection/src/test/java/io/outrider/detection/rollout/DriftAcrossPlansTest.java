package io.outrider.detection.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.decision.DetectionContext;
import io.outrider.core.decision.Detector;
import io.outrider.core.decision.ScoredEvents;
import io.outrider.core.drift.DriftReport;
import io.outrider.core.drift.DriftTally;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.Feature;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.Model;
import io.outrider.core.model.Reference;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.core.rollout.RolloutChange;
import io.outrider.detection.Models;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.PlanFiles;
import io.outrider.lake.model.StageFile;
import io.outrider.lake.rollout.DriftFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drift before and behind a change of feature plan: what was counted of one plan's features is never compared with another's. */
class DriftAcrossPlansTest {

    /** A plan with some features fewer, so that each column of it stands at another place, and one under another name. */
    private static final FeaturePlan OTHER = other();

    private static final Instant NOW = Instant.parse("2026-04-22T12:30:00Z");
    private static final int EVENTS = 4_800;

    @TempDir
    Path folder;

    private FolderBlobStore lake;
    private Model first;
    private Model second;

    @BeforeEach
    void register() throws IOException {
        Models models = new Models(Models.history(), List.of(0.02));
        List<Transaction> past =
                IntStream.range(0, 1_000).mapToObj(i -> event(i, 1)).toList();
        first = Models.withReference(models.load(models.versions().get(0)), Models.PLAN, past);
        second = Models.withReference(models.load(models.add(OTHER, Models.history())), OTHER, past);
        lake = new FolderBlobStore(folder);
        PlanFiles.save(lake, OTHER);
        ModelFiles files = new ModelFiles(lake, Models.PLAN.name());
        files.save(first);
        assertThat(new StageFile(lake, Models.PLAN.name()).readOrBegin(files, at(Duration.ofDays(300))))
                .isPresent();
        files.save(second);
    }

    @Test
    void eachPlansFeaturesAreComparedWithThemselvesOnly() throws IOException {
        // The day of the change: half of it under either plan, and larger amounts under the second.
        tell(first, Models.PLAN, 1, Duration.ofHours(14 * 24 + 1), Duration.ofHours(7 * 24 + 1), Duration.ofHours(12));
        tell(second, OTHER, 3, Duration.ofHours(1));

        assertThat(report()).satisfies(of(first, Models.PLAN));
        assertThat(report().causes()).as("nothing moved under this plan").isEmpty();
        change(new RolloutChange.Promote(version(second), true));
        assertThat(report()).satisfies(of(second, OTHER));
        assertThat(report().findings().baseline())
                .as("weeks under the former plan are none of this one")
                .isEqualTo("the model's reference");
        assertThat(report().causes())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(names(OTHER)).contains(name));
        change(new RolloutChange.Rollback(null));
        assertThat(report()).satisfies(of(first, Models.PLAN));
        assertThat(report().causes()).isEmpty();
    }

    /** Whether a report is of what was counted under a model and of its plan's features, in their order. */
    private static ThrowingConsumer<DriftReport> of(Model model, FeaturePlan plan) {
        return report -> {
            assertThat(report.modelVersion()).isEqualTo(version(model));
            assertThat(report.events()).as("one in four of %d", EVENTS).isBetween(EVENTS / 5L, EVENTS / 3L);
            List<String> columns = new ArrayList<>(names(plan));
            columns.add(Reference.SCORE);
            assertThat(report.overlays())
                    .extracting(overlay -> overlay.now().name())
                    .isEqualTo(columns);
            Set<String> told = new HashSet<>(report.findings().untested().keySet());
            report.findings().columns().forEach(column -> told.add(column.name()));
            assertThat(told).isEqualTo(Set.copyOf(columns));
        };
    }

    private static List<String> names(FeaturePlan plan) {
        return plan.features().stream().map(Feature::name).toList();
    }

    private static FeaturePlan other() {
        Config source = ConfigFactory.parseString(Models.PLAN.source());
        List<Map<String, Object>> features = new ArrayList<>();
        for (Config feature : source.getConfigList("features")) {
            Map<String, Object> one = feature.root().unwrapped();
            String name = feature.getString("name");
            if (!name.equals("night")) {
                one.put("name", name.equals("hour") ? "hour_of_day" : name);
                features.add(one);
            }
        }
        return FeaturePlan.compile(source.withValue("features", ConfigValueFactory.fromIterable(features)));
    }

    private void change(RolloutChange change) throws IOException {
        new RolloutDesk(lake, Models.PLAN, RolloutSettings.from(ConfigFactory.load()), null, at(Duration.ZERO))
                .change(change, "ann", "a test");
    }

    private DriftReport report() throws IOException {
        return new DriftDesk(lake, Models.PLAN, null, at(Duration.ZERO)).report();
    }

    /** A node decides under a model and tells of it, as of each of some times the same. */
    private void tell(Model model, FeaturePlan plan, double factor, Duration... ago) {
        DriftTally tally = new DriftTally();
        Detector detector = new Detector(plan, ScoredEvents.OFF, tally);
        AccountState state = new AccountStateCodec(plan).fresh();
        DetectionContext context = new DetectionContext(new ContextRef(version(model), 0), model, MerchantRisk.NONE);
        for (int i = 0; i < EVENTS; i++) {
            detector.decide(state, event(i, factor), new LogPosition("g", 0, i), context);
        }
        for (Duration each : ago) {
            new DriftReporter(new DriftFiles(lake, Models.PLAN.name()), tally, at(each)).publish();
        }
    }

    private static Transaction event(int i, double factor) {
        long timeMs = 1_700_000_000_000L + i * 60_000L;
        return new Transaction("t" + i, "account", (10 + i * 7 % 50) * factor, timeMs, null, null, null, null, null);
    }

    private static String version(Model model) {
        return model.manifest().version();
    }

    private static Clock at(Duration ago) {
        return Clock.fixed(NOW.minus(ago), ZoneOffset.UTC);
    }
}
