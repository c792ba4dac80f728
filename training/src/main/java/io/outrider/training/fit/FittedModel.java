package io.outrider.training.fit;

import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import java.util.List;

/**
 * A frozen model and scratch space to score with it; belongs to one thread.
 *
 * @param kind what it turned out to be, never by labels
 * @param notes what it falls short of
 */
public record FittedModel(ModelKind kind, Model model, float[] scratch, List<String> notes) {

    static FittedModel of(ModelKind kind, Model model, List<String> notes) {
        return new FittedModel(kind, model, FusedScore.scratch(model.features()), List.copyOf(notes));
    }
}
