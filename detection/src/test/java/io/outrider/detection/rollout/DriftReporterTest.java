package io.outrider.detection.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.decision.DetectionContext;
import io.outrider.core.decision.Detector;
import io.outrider.core.decision.ScoredEvents;
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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node tells of its traffic. */
class DriftReporterTest {

    private static final int EVENTS = 800;

    @TempDir
    Path folder;

    @Test
    void whilePartitionsChangeOneAfterAnotherTheTrafficOfBothModelsIsCounted() throws IOException {
        List<Transaction> events =
                IntStream.range(0, EVENTS).mapToObj(DriftReporterTest::event).toList();
        Models trained = new Models(events, List.of(0.02, 0.05));
        List<Model> models = new ArrayList<>();
        for (String version : trained.versions()) {
            models.add(Models.withReference(trained.load(version), Models.PLAN, events.subList(0, 100)));
        }
        DriftTally tally = new DriftTally();
        Detector detector = new Detector(Models.PLAN, ScoredEvents.OFF, tally);
        AccountState state = new AccountStateCodec(Models.PLAN).fresh();
        for (int i = 0; i < EVENTS; i++) {
            Model model = models.get(i % 2);
            ContextRef ref = new ContextRef(model.manifest().version(), 0);
            detector.decide(
                    state,
                    events.get(i),
                    new LogPosition("g", 0, i),
                    new DetectionContext(ref, model, MerchantRisk.NONE));
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

    private static Transaction event(int i) {
        return new Transaction(
                "t" + i, "account", 10 + i % 50, 1_700_000_000_000L + i * 60_000L, null, null, null, null, null);
    }
}
