package io.outrider.core.decision;

import io.outrider.core.alert.Attribution;
import io.outrider.core.alert.Counterfactual;
import io.outrider.core.feature.Feature;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.Model;
import io.outrider.core.model.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Explains scores in the plan's words: attribution, reasons, and what would have been normal. Thread-safe. */
final class Explainer {

    private static final int MOST_REASONS = 4;

    /** A feature with a smaller share of all that raised the score is no reason worth telling. */
    private static final double LEAST_SHARE = 0.05;

    private final FeaturePlan plan;
    private final List<Feature> features;
    private final Reasons reasons;

    Explainer(FeaturePlan plan) {
        this.plan = plan;
        this.features = plan.features();
        this.reasons = new Reasons(plan);
    }

    /**
     * Why a model scores as it does.
     *
     * @param anomalous whether it is; only then the smallest change is looked for, which costs more than all the rest
     */
    Explanation explain(Model model, double[] vector, boolean anomalous, Circumstances circumstances) {
        Model.Explanation parts = model.explain(vector);
        List<Integer> order = byWeight(parts.contributions());
        List<Attribution> attributions = new ArrayList<>();
        for (int column : order) {
            Feature feature = features.get(column);
            attributions.add(
                    new Attribution(feature.name(), feature.words(), vector[column], parts.contributions()[column]));
        }
        return new Explanation(
                parts.expectedScore(),
                List.copyOf(attributions),
                reasons(order, parts.contributions(), vector, circumstances),
                anomalous ? counterfactual(model, order, vector, parts.contributions()) : null);
    }

    /** Columns that moved the score, by how much; in plan order where equal. */
    private static List<Integer> byWeight(double[] contributions) {
        List<Integer> order = new ArrayList<>();
        for (int column = 0; column < contributions.length; column++) {
            if (contributions[column] != 0) {
                order.add(column);
            }
        }
        order.sort(Comparator.comparingDouble((Integer column) -> -Math.abs(contributions[column])));
        return order;
    }

    private List<String> reasons(
            List<Integer> order, double[] contributions, double[] vector, Circumstances circumstances) {
        double raised = 0;
        for (double contribution : contributions) {
            raised += Math.max(0, contribution);
        }
        double least = LEAST_SHARE * raised;
        List<Integer> raising = order.stream()
                .filter(column -> contributions[column] > 0 && contributions[column] >= least)
                .toList();
        int median = reasons.bestOfMedian(raising);
        Set<String> sentences = new LinkedHashSet<>();
        for (int column : raising) {
            boolean repeats = reasons.tellsMedian(column) && column != median;
            if (!repeats && sentences.size() < MOST_REASONS) {
                sentences.add(reasons.sentence(column, vector, circumstances));
            }
        }
        if (sentences.isEmpty()) {
            sentences.add("nothing stands out: every feature is as usual or lowers the score");
        }
        return List.copyOf(sentences);
    }

    /** The smallest change to one of the reasons that would do; if none would, to any other feature. */
    private @Nullable Counterfactual counterfactual(
            Model model, List<Integer> order, double[] vector, double[] contributions) {
        int[] raising = order.stream()
                .filter(column -> contributions[column] > 0)
                .mapToInt(Integer::intValue)
                .limit(MOST_REASONS)
                .toArray();
        Model.Change change = model.smallestChange(vector, this::values, raising);
        if (change == null) {
            Set<Integer> tried = Arrays.stream(raising).boxed().collect(Collectors.toSet());
            int[] others = IntStream.range(0, vector.length)
                    .filter(column -> !tried.contains(column))
                    .toArray();
            change = model.smallestChange(vector, this::values, others);
        }
        if (change == null) {
            return null;
        }
        Feature feature = features.get(change.column());
        return new Counterfactual(
                feature.name(), feature.words(), change.from(), change.to(), model.score(change.raw()));
    }

    private Values values(int column) {
        if (features.get(column).yesOrNo()) {
            return Values.YES_OR_NO;
        }
        return plan.isCount(column) ? Values.wholeFrom(plan.leastCount(column)) : Values.ANY;
    }
}
