package io.outrider.training.fit;

import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;

/**
 * A frozen model and scratch space to score with it; belongs to one thread.
 *
 * @param kind what it turned out to be, never by labels
 */
public record FittedModel(ModelKind kind, Model model, float[] scratch) {

    static FittedModel of(ModelKind kind, Model model) {
        return new FittedModel(kind, model, FusedScore.scratch(model.features()));
    }
}
