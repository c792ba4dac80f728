package io.outrider.training.past;

import io.outrider.core.decision.DecidedAgain;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.Model;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.ModelSource;
import io.outrider.core.port.PastDecisions.Past;
import io.outrider.core.port.PastDecisions.Place;
import io.outrider.lake.checkpoint.ContextHistory;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was in force when a record was decided, and the models that decided; the last model used stays loaded. Thread-safe. */
final class Deciders {

    private final BlobStore lake;
    private final String topic;
    private final ModelSource models;
    private volatile @Nullable Model last;

    Deciders(BlobStore lake, String topic, ModelSource models) {
        this.lake = lake;
        this.topic = topic;
        this.models = models;
    }

    /** What was in force in a partition from an offset on; empty if it was never decided live. */
    Optional<ContextHistory> history(int partition, long offset) throws IOException {
        return ContextHistory.read(lake, topic, partition, offset);
    }

    /**
     * What was decided of a transaction with these features.
     *
     * @param plan fingerprint of the plan that the features are of
     */
    Past decided(ContextHistory history, Transaction transaction, LogPosition position, String plan, double[] vector) {
        ContextRef inForce = history.at(position.offset());
        if (inForce == null) {
            return unknown(transaction, position, "it lies before the history of what was in force");
        }
        String version = inForce.modelFor(transaction.account());
        try {
            Model model = model(version);
            String decidedUnder = model.manifest().planFingerprint();
            if (!decidedUnder.equals(plan)) {
                return unknown(
                        transaction,
                        position,
                        "model " + version + ", which decided, is of feature plan " + decidedUnder
                                + ", the dataset's features of " + plan);
            }
            return new Past(
                    Place.DATASET,
                    transaction,
                    position,
                    DecidedAgain.of(transaction, position, inForce, model, vector),
                    null);
        } catch (IOException e) {
            return unknown(
                    transaction, position, "model " + version + ", which decided, cannot be loaded: " + e.getMessage());
        }
    }

    static Past unknown(Transaction transaction, LogPosition position, String why) {
        return new Past(Place.DATASET, transaction, position, null, why);
    }

    private Model model(String version) throws IOException {
        Model known = last;
        if (known != null && known.manifest().version().equals(version)) {
            return known;
        }
        Model loaded = models.load(version);
        last = loaded;
        return loaded;
    }
}
