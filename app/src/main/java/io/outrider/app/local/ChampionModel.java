package io.outrider.app.local;

import com.typesafe.config.Config;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.Model;
import io.outrider.core.port.BlobStore;
import io.outrider.core.rollout.ModelStages;
import io.outrider.ingestion.simulator.SimulatedEvent;
import io.outrider.ingestion.simulator.Simulation;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.StageFile;
import io.outrider.training.first.FirstModel;
import io.outrider.training.fit.Progress;
import io.outrider.training.fit.TrainingSettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;

/** The model that a local Outrider begins with: its lake's champion, fitted on the world's past when there is none. */
final class ChampionModel {

    private static final long SEED = 42;

    private final ModelFiles models;
    private final StageFile stages;
    private final FeaturePlan plan;
    private final Config config;
    private final LocalPrinter printer;

    ChampionModel(BlobStore lake, FeaturePlan plan, Config config, LocalPrinter printer) {
        this.models = new ModelFiles(lake, plan.name());
        this.stages = new StageFile(lake, plan.name());
        this.plan = plan;
        this.config = config;
        this.printer = printer;
    }

    /** The stages as they stand; the models are in the lake. */
    ModelStages stages(Simulation simulation, Instant historyEnd, Duration history) throws IOException {
        Optional<ModelStages> found = stages.readOrBegin(models, Clock.systemUTC());
        if (found.isPresent()) {
            printer.step("model", found.get().champion() + " from the lake");
            return found.get();
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
        return stages.readOrBegin(models, Clock.systemUTC())
                .orElseThrow(() -> new IOException("the first model was saved and is not there"));
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
