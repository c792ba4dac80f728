package io.outrider.detection.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.decision.DetectionContext;
import io.outrider.core.decision.Detector;
import io.outrider.core.decision.ScoredEvents;
import io.outrider.core.drift.DriftCounts;
import io.outrider.core.drift.DriftTally;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.Model;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.detection.Models;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.rollout.DriftFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node tells of its traffic. */
class DriftReporterTest {

    private static final int EVENTS = 800;

    private final List<Transaction> events =
            IntStream.range(0, EVENTS).mapToObj(DriftReporterTest::event).toList();
    private final DriftTally tally = new DriftTally();
    private final Detector detector = new Detector(Models.PLAN, ScoredEvents.OFF, tally);
    private final AccountState state = new AccountStateCodec(Models.PLAN).fresh();

    @TempDir
    Path folder;

    @Test
    void whilePartitionsChangeOneAfterAnotherTheTrafficOfBothModelsIsCounted() throws IOException {
        List<Model> models = models(List.of(0.02, 0.05));
        for (int i = 0; i < EVENTS; i++) {
            decide(models.get(i % 2), i, i + 1);
        }
        assertThat(tally.counted())
                .hasSize(2)
                .allSatisfy(counted -> assertThat(counted.counts().events())
                        .as("of %d, one in four", EVENTS / 2)
                        .isGreaterThan(EVENTS / 20));
        DriftFiles files = new DriftFiles(new FolderBlobStore(folder), Models.PLAN.name());
        new DriftReporter(files, tally, Clock.systemUTC()).publish();
        for (Model model : models) {
            assertThat(files.names(model.manifest().version())).hasSize(1);
        }
    }

    @Test
    void eachEventThatIsCountedStandsInEachColumnOnce() throws IOException {
        Model model = models(List.of(0.02)).get(0);
        decide(model, 0, EVENTS / 2 + 7);
        tally.counted();
        decide(model, 0, EVENTS / 2 + 1);
        DriftCounts counts = tally.counted().get(0).counts();
        assertThat(counts.columns())
                .hasSize(Models.PLAN.size() + 1)
                .allSatisfy(bins -> assertThat(Arrays.stream(bins).sum()).isEqualTo(counts.events()));
        long amounts = counts.columns().get(0).length;
        assertThat(Arrays.stream(counts.columns().get(0)).filter(count -> count > 0))
                .as("of %d bins of amounts, which differ", amounts)
                .hasSizeGreaterThan(5);
    }

    @Test
    void aModelThatComesBackWithinTheHourGoesOnWithItsCounts() throws IOException {
        List<Model> models = models(List.of(0.02, 0.05, 0.1));
        Model first = models.get(0);
        DriftFiles files = new DriftFiles(new FolderBlobStore(folder), Models.PLAN.name());
        Clock clock = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
        DriftReporter reporter = new DriftReporter(files, tally, clock);
        decide(first, 0, EVENTS);
        reporter.publish();
        long before = events(files, first);
        assertThat(before).isGreaterThan(EVENTS / 10);
        for (Model model : List.of(models.get(1), models.get(2), first)) {
            decide(model, 0, 150);
        }
        reporter.publish();
        assertThat(events(files, first)).isGreaterThan(before);
    }

    private static long events(DriftFiles files, Model model) throws IOException {
        List<String> names = files.names(model.manifest().version());
        return files.fields(names, hour -> true).events();
    }

    private List<Model> models(List<Double> alertShares) throws IOException {
        Models trained = new Models(events, alertShares);
        List<Model> models = new ArrayList<>();
        for (String version : trained.versions()) {
            models.add(Models.withReference(trained.load(version), Models.PLAN, events.subList(0, 100)));
        }
        return models;
    }

    private void decide(Model model, int from, int to) {
        ContextRef ref = new ContextRef(model.manifest().version(), 0);
        for (int i = from; i < to; i++) {
            detector.decide(
                    state,
                    events.get(i),
                    new LogPosition("g", 0, i),
                    new DetectionContext(ref, model, MerchantRisk.NONE));
        }
    }

    private static Transaction event(int i) {
        return new Transaction(
                "t" + i, "account", 10 + i % 50, 1_700_000_000_000L + i * 60_000L, null, null, null, null, null);
    }
}
