package io.outrider.core.model;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model without labels is made of: which features its forest sees, and which speak for themselves. One per
 * feature plan, under {@code outrider.model.recipes.<plan>}.
 *
 * @param forest size of the forest
 * @param forestFeatures names of the forest's inputs; empty for no forest
 * @param forestWeight weight of the forest's surprise in the raw score
 * @param forestBodyShare see {@link UpperTail#fit}
 * @param tails features whose high (or low) values are surprising in themselves
 */
public record ModelRecipe(
        ForestSettings forest,
        List<String> forestFeatures,
        double forestWeight,
        double forestBodyShare,
        List<Tail> tails) {

    /**
     * A feature's upper or lower tail as evidence.
     *
     * @param lower whether low values are what surprises
     * @param weight weight of its surprise in the raw score
     * @param bodyShare see {@link UpperTail#fit}
     * @param quietShare share of the training rows, in [0, 1), whose values say nothing: only surprise beyond theirs counts
     */
    public record Tail(String feature, boolean lower, double weight, double bodyShare, double quietShare) {

        public Tail {
            if (!(quietShare >= 0 && quietShare < 1)) {
                throw new IllegalArgumentException("quiet-share must be in [0, 1): " + quietShare);
            }
        }
    }

    public ModelRecipe {
        forestFeatures = List.copyOf(forestFeatures);
        tails = List.copyOf(tails);
    }

    /** Reads the recipe of a plan from the whole configuration; ConfigException names the bad key. */
    public static ModelRecipe read(Config config, String plan) {
        String path = "outrider.model.recipes." + plan;
        Config recipe = config.getConfig(path);
        try {
            List<Tail> tails = new ArrayList<>();
            for (Config tail : recipe.getConfigList("tails")) {
                tails.add(new Tail(
                        tail.getString("feature"),
                        tail.hasPath("lower") && tail.getBoolean("lower"),
                        tail.getDouble("weight"),
                        tail.getDouble("body-share"),
                        tail.hasPath("quiet-share") ? tail.getDouble("quiet-share") : 0));
            }
            return new ModelRecipe(
                    new ForestSettings(recipe.getInt("forest.trees"), recipe.getInt("forest.sample-size")),
                    recipe.getStringList("forest.features"),
                    recipe.getDouble("forest.weight"),
                    recipe.getDouble("forest.body-share"),
                    tails);
        } catch (IllegalArgumentException e) {
            throw new ConfigException.BadValue(recipe.origin(), path, String.valueOf(e.getMessage()), e);
        }
    }
}
