package io.outrider.app.local;

import com.typesafe.config.Config;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.Model;
import io.outrider.core.port.BlobStore;
import io.outrider.ingestion.simulator.SimulatedEvent;
import io.outrider.ingestion.simulator.Simulation;
import io.outrider.lake.model.ModelFiles;
import io.outrider.training.first.FirstModel;
import io.outrider.training.fit.Progress;
import io.outrider.training.fit.TrainingSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;

/** The model that a local Outrider scores with: the newest in its lake, fitted on the world's past when there is none. */
final class ChampionModel {

    private static final long SEED = 42;

    private final ModelFiles models;
    private final FeaturePlan plan;
    private final Config config;
    private final LocalPrinter printer;

    ChampionModel(BlobStore lake, FeaturePlan plan, Config config, LocalPrinter printer) {
        this.models = new ModelFiles(lake, plan.name());
        this.plan = plan;
        this.config = config;
        this.printer = printer;
    }

    /** Its version; the model is in the lake. */
    String version(Simulation simulation, Instant historyEnd, Duration history) throws IOException {
        Optional<String> newest = models.newest();
        if (newest.isPresent()) {
            printer.step("model", newest.get() + " from the lake");
            return newest.get();
        }
        printer.step("model", "fitting the first one on " + LocalPrinter.days(history) + " of a simulated past");
        Model model = new FirstModel(plan, TrainingSettings.read(config), Progress.NONE)
                .fit(
                        new FirstModel.History(
                                transactions(simulation.history(history, historyEnd)),
                                historyEnd.minus(history).toEpochMilli(),
                                historyEnd.toEpochMilli()),
                        SEED);
        models.save(model);
        return model.manifest().version();
    }

    private static Iterator<Transaction> transactions(Iterator<SimulatedEvent> events) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return events.hasNext();
            }

            @Override
            public Transaction next() {
                return events.next().transaction();
            }
        };
    }
}
