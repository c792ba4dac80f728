package io.outrider.app.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.decision.Assessment;
import io.outrider.core.decision.DetectionContext;
import io.outrider.core.decision.Detector;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.Model;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.ingestion.simulator.AnomalyKind;
import io.outrider.ingestion.simulator.Profile;
import io.outrider.ingestion.simulator.SimulatedEvent;
import io.outrider.ingestion.simulator.Simulation;
import io.outrider.ingestion.simulator.SimulatorSettings;
import io.outrider.training.first.FirstModel;
import io.outrider.training.fit.Progress;
import io.outrider.training.fit.TrainingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * What a newcomer sees: each simulated world as {@code local} runs it, its first model, and what it catches. In-process and
 * seeded, so the figures are always the same; the bounds leave a little room for a change of model.
 *
 * <p>What counts as caught is a case: a burst of fifteen events is one. A leaking merchant and a slow drain are made of
 * events that look ordinary one by one: finding them takes labels, so nothing is asked of a model without.
 */
final class SimulatedWorldTest {

    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final Duration LIVE = Duration.ofDays(14);
    private static final Duration SAME_CASE = Duration.ofHours(26);

    @Test
    void mostAlertsOnCardsAreRealAndEveryKindThatShowsIsCaught() {
        Outcome outcome = run(Profile.CARDS, 700);
        assertThat(outcome.precision()).as("%s", outcome).isGreaterThan(0.8);
        assertThat(outcome.caught(AnomalyKind.AMOUNT_SPIKE)).as("%s", outcome).isGreaterThan(0.95);
        assertThat(outcome.caught(AnomalyKind.TAKEOVER)).as("%s", outcome).isGreaterThan(0.9);
        assertThat(outcome.caught(AnomalyKind.BURST)).as("%s", outcome).isGreaterThan(0.6);
    }

    @Test
    void mostAlertsOnNetworkAccessAreRealAndEveryKindThatShowsIsCaught() {
        Outcome outcome = run(Profile.NETWORK_ACCESS, 700);
        assertThat(outcome.precision()).as("%s", outcome).isGreaterThan(0.9);
        assertThat(outcome.caught(AnomalyKind.AMOUNT_SPIKE)).as("%s", outcome).isGreaterThan(0.95);
        assertThat(outcome.caught(AnomalyKind.TAKEOVER)).as("%s", outcome).isGreaterThan(0.9);
        assertThat(outcome.caught(AnomalyKind.BURST)).as("%s", outcome).isGreaterThan(0.9);
    }

    @Test
    void mostAlertsOnSensorsAreRealAndEveryKindIsCaught() {
        Outcome outcome = run(Profile.SENSOR, 150);
        assertThat(outcome.precision()).as("%s", outcome).isGreaterThan(0.9);
        assertThat(outcome.caught(AnomalyKind.AMOUNT_SPIKE)).as("%s", outcome).isGreaterThan(0.7);
        assertThat(outcome.caught(AnomalyKind.BURST)).as("%s", outcome).isGreaterThan(0.9);
        assertThat(outcome.caught(AnomalyKind.SLOW_DRAIN)).as("%s", outcome).isGreaterThan(0.8);
    }

    @Test
    void onTheUniformWorldEveryAnomalyAlertsAndNothingElse() {
        Outcome outcome = run(Profile.UNIFORM, 1, Duration.ofHours(2));
        assertThat(outcome.precision()).as("%s", outcome).isEqualTo(1);
        assertThat(outcome.eventRecall()).as("%s", outcome).isEqualTo(1);
    }

    @Test
    void aVastFirstFlowOfANewUserAlertsAndAnOrdinaryOneSaysNothing() {
        Fitted fitted = fit(Profile.NETWORK_ACCESS, 700);
        assertThat(fitted.ofANewAccount(1e9).anomalous()).isTrue();
        assertThat(fitted.ofANewAccount(1e12).score())
                .isGreaterThan(fitted.ofANewAccount(1e8).score());
        assertThat(fitted.ofANewAccount(1e4).anomalous()).isFalse();
    }

    private static Outcome run(Profile profile, int accounts) {
        return run(profile, accounts, LIVE);
    }

    /** A world and its first model. */
    private record Fitted(
            Simulation world, Duration history, AccountStateCodec codec, Detector detector, DetectionContext context) {

        /** What is said of the first event of an account, on a device and from a network that it does not name. */
        Assessment ofANewAccount(double amount) {
            Transaction first =
                    new Transaction("t1", "new", amount, NOW.toEpochMilli(), "host-1", null, null, null, null);
            return detector.assess(codec.fresh(), first, context);
        }
    }

    private static Fitted fit(Profile profile, int accounts) {
        Config config = ConfigFactory.parseMap(Map.of("outrider.simulator.accounts", accounts))
                .withFallback(LocalConfig.of(profile, 1, Path.of("lake")));
        FeaturePlan plan = FeaturePlan.named(LocalConfig.planName(profile));
        Simulation world = new Simulation(SimulatorSettings.from(config), plan.schema());
        Duration history = profile == Profile.UNIFORM ? Duration.ofHours(6) : LocalConfig.past(profile);
        Model model = new FirstModel(plan, TrainingSettings.read(config), Progress.NONE)
                .fit(
                        new FirstModel.History(
                                transactions(world.history(history, NOW)),
                                NOW.minus(history).toEpochMilli(),
                                NOW.toEpochMilli()),
                        42);
        DetectionContext context =
                new DetectionContext(new ContextRef(model.manifest().version(), 0), model, MerchantRisk.NONE);
        return new Fitted(world, history, new AccountStateCodec(plan), new Detector(plan), context);
    }

    private static Outcome run(Profile profile, int accounts, Duration live) {
        Fitted fitted = fit(profile, accounts);
        Map<String, AccountState> states = new HashMap<>();
        Outcome outcome = new Outcome();
        Iterator<SimulatedEvent> events =
                fitted.world().history(fitted.history().plus(live), NOW.plus(live));
        for (long offset = 0; events.hasNext(); offset++) {
            SimulatedEvent event = events.next();
            AccountState state = states.computeIfAbsent(
                    event.account(), account -> fitted.codec().fresh());
            boolean alerted = fitted.detector()
                            .detect(state, event.transaction(), new LogPosition("g", 0, offset), fitted.context())
                    != null;
            if (event.timeMs() >= NOW.toEpochMilli()) {
                outcome.add(event, alerted);
            }
        }
        return outcome;
    }

    private static Iterator<Transaction> transactions(Iterator<SimulatedEvent> events) {
        Iterable<SimulatedEvent> all = () -> events;
        return StreamSupport.stream(all.spliterator(), false)
                .map(SimulatedEvent::transaction)
                .iterator();
    }

    /** Counts alerts by truth, and cases by kind. */
    private static final class Outcome {

        private static final class Case {
            private long lastMs;
            private boolean caught;
        }

        private final Map<AnomalyKind, Integer> cases = new EnumMap<>(AnomalyKind.class);
        private final Map<AnomalyKind, Integer> caught = new EnumMap<>(AnomalyKind.class);
        private final Map<String, Case> running = new HashMap<>();
        private int anomalies;
        private int hits;
        private int falseAlarms;

        void add(SimulatedEvent event, boolean alerted) {
            AnomalyKind kind = event.anomaly();
            if (kind == null) {
                falseAlarms += alerted ? 1 : 0;
                return;
            }
            anomalies++;
            hits += alerted ? 1 : 0;
            Case open = running.get(kind + event.account());
            if (open == null || event.timeMs() - open.lastMs > SAME_CASE.toMillis()) {
                open = new Case();
                running.put(kind + event.account(), open);
                cases.merge(kind, 1, Integer::sum);
            }
            open.lastMs = event.timeMs();
            if (alerted && !open.caught) {
                open.caught = true;
                caught.merge(kind, 1, Integer::sum);
            }
        }

        double precision() {
            return hits / (double) (hits + falseAlarms);
        }

        double eventRecall() {
            return hits / (double) anomalies;
        }

        double caught(AnomalyKind kind) {
            return caught.getOrDefault(kind, 0) / (double) cases.getOrDefault(kind, 0);
        }

        @Override
        public String toString() {
            return "precision " + precision() + ", cases " + cases + ", caught " + caught;
        }
    }
}
