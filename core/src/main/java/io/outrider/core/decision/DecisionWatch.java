package io.outrider.core.decision;

import io.outrider.core.event.Transaction;
import io.outrider.core.model.Model;

/** Sees every decision as it is taken, to count it; changes nothing. Called on the hot path. Thread-safe. */
public interface DecisionWatch {

    /** For where nothing is counted. */
    DecisionWatch NONE = (transaction, context, scores) -> {};

    /**
     * A transaction is decided.
     *
     * @param scores belongs to the caller and is about to change: nothing of it may be kept
     */
    void decided(Transaction transaction, DetectionContext context, Scores scores);

    /** Two that see the same. */
    static DecisionWatch both(DecisionWatch first, DecisionWatch second) {
        return (transaction, context, scores) -> {
            first.decided(transaction, context, scores);
            second.decided(transaction, context, scores);
        };
    }

    /** What was computed of one transaction; written by its detector alone. */
    final class Scores {

        private final double[] vector;
        Model model;
        double raw;
        double challengerRaw = Double.NaN;

        Scores(double[] vector, Model model) {
            this.vector = vector;
            this.model = model;
        }

        /** The features, in the plan's order. */
        public double[] vector() {
            return vector;
        }

        /** The model that decided. */
        public Model model() {
            return model;
        }

        /** Its raw score. */
        public double raw() {
            return raw;
        }

        /** The challenger's raw score; NaN without one. */
        public double challengerRaw() {
            return challengerRaw;
        }
    }
}
