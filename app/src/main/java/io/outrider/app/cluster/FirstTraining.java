package io.outrider.app.cluster;

import com.typesafe.config.Config;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.Model;
import io.outrider.lake.files.TransactionFiles;
import io.outrider.lake.files.TransactionReader;
import io.outrider.lake.model.ModelFiles;
import io.outrider.training.first.FirstModel;
import io.outrider.training.fit.Progress;
import io.outrider.training.fit.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fits a first model on histories, for a lake that has none. Equal histories give equal models on every node. For one
 * thread at a time.
 */
final class FirstTraining {

    private static final Logger LOG = LoggerFactory.getLogger(FirstTraining.class);
    private static final long SEED = 42;

    private final FeaturePlan plan;
    private final Config config;
    private final List<Path> files;
    private @Nullable Model fitted;

    FirstTraining(FeaturePlan plan, Config config, List<Path> files) {
        this.plan = plan;
        this.config = config;
        this.files = List.copyOf(files);
    }

    /** Fits and saves the model and returns its version; IOException says how to get one if there is no history. */
    String train(ModelFiles models) throws IOException {
        if (files.isEmpty()) {
            throw new IOException("it has no model of feature plan " + plan.name()
                    + "; start one node with --train-first FILE… (a history as CSV or NDJSON), or copy the folder models"
                    + " from the lake of an `outrider local` into it");
        }
        Model model = fitted == null ? fit() : fitted;
        fitted = model; // saving may fail, and is then tried again
        models.save(model);
        return model.manifest().version();
    }

    private Model fit() throws IOException {
        LOG.info("Fitting the first model on {}", files);
        FirstModel.History extent = extent();
        try (TransactionReader reader = TransactionFiles.read(files, plan.schema())) {
            return new FirstModel(plan, TrainingSettings.read(config), Progress.NONE)
                    .fit(new FirstModel.History(transactions(reader), extent.fromMs(), extent.untilMs()), SEED);
        } catch (IllegalArgumentException e) {
            throw new IOException("no model can be fitted on " + files + ": " + e.getMessage(), e);
        }
    }

    private FirstModel.History extent() throws IOException {
        try (TransactionReader reader = TransactionFiles.read(files, plan.schema())) {
            Iterator<Transaction> events = transactions(reader);
            long fromMs = Long.MAX_VALUE;
            long untilMs = Long.MIN_VALUE;
            while (events.hasNext()) {
                long at = events.next().eventTimeMs();
                fromMs = Math.min(fromMs, at);
                untilMs = Math.max(untilMs, at + 1);
            }
            return new FirstModel.History(List.<Transaction>of().iterator(), fromMs, untilMs);
        }
    }

    private static Iterator<Transaction> transactions(TransactionReader reader) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return reader.hasNext();
            }

            @Override
            public Transaction next() {
                return reader.next().transaction();
            }
        };
    }
}
