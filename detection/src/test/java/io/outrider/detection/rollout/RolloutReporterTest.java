package io.outrider.detection.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.decision.DetectionContext;
import io.outrider.core.decision.Detector;
import io.outrider.core.decision.ScoredEvents;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.Canary;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.Model;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.core.rollout.RolloutCounts;
import io.outrider.core.rollout.RolloutTally;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.Models;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.rollout.RolloutFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node tells of its models' decisions. */
class RolloutReporterTest {

    private static final List<Transaction> EVENTS = Models.history();

    private final Models models = new Models(EVENTS, List.of(0.02, 0.05, 0.1));
    private final ContextRef leaving = ref(0);
    private final ContextRef coming = ref(1);
    private final ContextRef past = ref(2);
    private final RolloutTally tally = new RolloutTally(2);
    private final Detector detector = new Detector(Models.PLAN, ScoredEvents.OFF, tally);
    private final AccountState state = new AccountStateCodec(Models.PLAN).fresh();
    private final Time time = new Time();

    @TempDir
    Path folder;

    @Test
    void whilePartitionsChangeOneAfterAnotherTheCountsOfBothModelsStayAndThoseOfFormerOnesGo() throws IOException {
        RolloutFiles files = new RolloutFiles(new FolderBlobStore(folder), Models.PLAN.name());
        RolloutReporter reporter = new RolloutReporter(
                files,
                tally,
                new LiveMetrics(),
                RolloutSettings.from(ConfigFactory.load()),
                () -> Set.of(leaving.withRisk(3), coming.withRisk(3)),
                time);
        decide(past, 5);
        decide(leaving, 6);
        decide(coming, 7);
        reporter.publish();
        assertThat(decided(files, past)).isEqualTo(5);
        time.now = time.now.plus(Duration.ofHours(1));
        reporter.publish();
        assertThat(decided(files, leaving)).isEqualTo(6);
        assertThat(decided(files, coming)).isEqualTo(7);
        assertThat(decided(files, past))
                .as("of a model that is in force no more")
                .isZero();

        decide(coming, 2);
        decide(past, 1);
        reporter.publish();
        assertThat(decided(files, coming)).isEqualTo(9);
        assertThat(decided(files, past)).as("forgotten again").isZero();
    }

    @Test
    void whatIsDecidedUnderAContextThatWasJustForgottenIsCountedAnew() throws IOException {
        decide(past, 5);
        tally.forgetAllBut(Set.of(leaving));
        assertThat(tally.counts(0, 1)).isEmpty();
        decide(past, 1);
        assertThat(tally.counts(0, 1))
                .singleElement()
                .satisfies(counts -> assertThat(counts.champion().events()).isEqualTo(1));
    }

    @Test
    void aChallengerIsComparedOnWhatTheChampionDecidesAndNotTheCanary() throws IOException {
        Canary canary = new Canary(coming.modelVersion(), 0.5);
        for (ContextRef challenger : List.of(coming, past)) {
            ContextRef ref = new ContextRef(leaving.modelVersion(), 0, challenger.modelVersion(), canary);
            DetectionContext context = new DetectionContext(
                    ref,
                    models.load(leaving.modelVersion()),
                    MerchantRisk.NONE,
                    models.load(challenger.modelVersion()),
                    models.load(canary.modelVersion()));
            for (int i = 0; i < 200; i++) {
                detector.decide(state, EVENTS.get(i), new LogPosition("g", 0, i), context);
            }
            RolloutCounts counts = tally.counts(0, 1).stream()
                    .filter(one -> one.context().equals(ref))
                    .findFirst()
                    .orElseThrow();
            assertThat(counts.canary().events()).isBetween(1L, 199L);
            assertThat(counts.shadow().events()).isEqualTo(counts.champion().events());
            assertThat(counts.shadow().both() + counts.shadow().decidedOnly())
                    .isEqualTo(counts.champion().alerts());
        }
    }

    private static long decided(RolloutFiles files, ContextRef context) throws IOException {
        return files.read(0).championDecided(context.modelVersion()).events();
    }

    private void decide(ContextRef ref, int events) throws IOException {
        Model model = models.load(ref.modelVersion());
        for (int i = 0; i < events; i++) {
            detector.decide(
                    state,
                    EVENTS.get(i),
                    new LogPosition("g", 0, i),
                    new DetectionContext(ref, model, MerchantRisk.NONE));
        }
    }

    private ContextRef ref(int model) {
        return new ContextRef(models.versions().get(model), 0);
    }

    /** Goes on where it is told to. */
    private static final class Time extends Clock {

        private Instant now = Instant.parse("2026-03-01T00:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
