package io.outrider.core.drift;

import io.outrider.core.feature.Feature;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.Reference;
import java.util.ArrayList;
import java.util.List;

/** A column that is tested for drift: a feature or the score. */
public record Watched(String name, Feature.Memory memory) {

    /** A plan's features in their order, and last the score, which looks back as far as any of them. */
    public static List<Watched> of(FeaturePlan plan) {
        List<Watched> all = new ArrayList<>();
        long longestMs = 0;
        for (Feature feature : plan.features()) {
            all.add(new Watched(feature.name(), feature.memory()));
            longestMs = Math.max(longestMs, feature.memory().lengthMs());
        }
        all.add(new Watched(Reference.SCORE, new Feature.Memory(longestMs, Feature.Memory.Course.LEVEL)));
        return all;
    }
}
