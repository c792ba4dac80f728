package io.outrider.benchmarks;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.decision.DetectionContext;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.Model;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.ingestion.simulator.SimulatedEvent;
import io.outrider.ingestion.simulator.Simulation;
import io.outrider.ingestion.simulator.SimulatorSettings;
import io.outrider.training.first.FirstModel;
import io.outrider.training.fit.Progress;
import io.outrider.training.fit.TrainingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The last events of a simulated world in event-time order, as JSON and decoded, and the model that they train. */
final class SimulatedStream {

    static final FeaturePlan PLAN = FeaturePlan.named("transactions");

    private static final Instant END = Instant.parse("2026-01-31T00:00:00Z");

    private SimulatedStream() {}

    /** At least so many events of so many accounts, on as many days as it takes. */
    static List<SimulatedEvent> events(int accounts, int count) {
        SimulatorSettings shipped = SimulatorSettings.from(ConfigFactory.load());
        SimulatorSettings settings = new SimulatorSettings(
                shipped.profile(),
                accounts,
                shipped.merchants(),
                shipped.eventsPerDay(),
                shipped.anomalyShare(),
                shipped.labelDelay(),
                shipped.seed());
        List<SimulatedEvent> events = new ArrayList<>();
        for (long hours = 24; events.size() < count; hours *= 2) {
            events.clear();
            Iterator<SimulatedEvent> history =
                    new Simulation(settings, PLAN.schema()).history(Duration.ofHours(hours), END);
            history.forEachRemaining(events::add);
        }
        return events;
    }

    /** A model of the default recipe but for the forest's sample size, fitted on the events. */
    static DetectionContext context(List<SimulatedEvent> events, int sampleSize) {
        Config config = ConfigFactory.load(
                ConfigFactory.parseString("outrider.model.recipes.transactions.forest.sample-size = " + sampleSize));
        Iterator<Transaction> transactions =
                events.stream().map(SimulatedEvent::transaction).iterator();
        long from = events.get(0).timeMs();
        Model model = new FirstModel(PLAN, TrainingSettings.read(config), Progress.NONE)
                .fit(new FirstModel.History(transactions, from, END.toEpochMilli()), 42);
        return new DetectionContext(new ContextRef(model.manifest().version(), 0), model, MerchantRisk.NONE);
    }
}
