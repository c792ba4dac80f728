package io.outrider.training.fit;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.outrider.core.decision.AlertSettings;
import io.outrider.core.model.ModelRecipe;
import io.outrider.training.supervised.BoostingSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * How models are fitted: {@code outrider.training}, and of core's settings the plan's recipe and the alert
 * policy.
 *
 * @param plan name of the feature plan
 * @param recipe the model without labels
 * @param boosting the supervised ensemble
 * @param ignoredFeatures features that the supervised ensemble does not see
 * @param alerts alert policy
 * @param unlabelledRows rows kept for models without labels, and for placing thresholds
 * @param genuineRows genuine rows kept for supervised models
 * @param fraudRows frauds kept for supervised models
 * @param ledgerEntries most merchants, and accounts with frauds, in the risk ledger
 */
public record TrainingSettings(
        String plan,
        ModelRecipe recipe,
        BoostingSettings boosting,
        Set<String> ignoredFeatures,
        UnknownCompromise unknownCompromise,
        AlertSettings alerts,
        int unlabelledRows,
        int genuineRows,
        int fraudRows,
        int ledgerEntries) {

    public TrainingSettings {
        ignoredFeatures = Set.copyOf(ignoredFeatures);
        requireAtLeast("sample.unlabelled-rows", unlabelledRows, 100);
        requireAtLeast("sample.genuine-rows", genuineRows, 100);
        requireAtLeast("sample.fraud-rows", fraudRows, 100);
        requireAtLeast("ledger-entries", ledgerEntries, 10);
    }

    /** Reads the whole configuration; ConfigException or IllegalArgumentException names the bad key. */
    public static TrainingSettings read(Config config) {
        Config training = config.getConfig("outrider.training");
        String plan = training.getString("plan");
        return new TrainingSettings(
                plan,
                ModelRecipe.read(config, plan),
                boosting(training.getConfig("boosting")),
                Set.copyOf(training.getStringList("boosting.ignored-features")),
                UnknownCompromise.read(training),
                AlertSettings.read(config),
                training.getInt("sample.unlabelled-rows"),
                training.getInt("sample.genuine-rows"),
                training.getInt("sample.fraud-rows"),
                training.getInt("ledger-entries"));
    }

    private static BoostingSettings boosting(Config boosting) {
        return new BoostingSettings(
                boosting.getInt("trees"),
                boosting.getDouble("learning-rate"),
                boosting.getInt("leaves"),
                boosting.getInt("min-rows"),
                boosting.getDouble("row-share"),
                boosting.getDouble("column-share"),
                boosting.getDouble("l2"));
    }

    /** Columns of the plan's vector that the supervised ensemble sees. */
    int[] supervisedColumns(List<String> features) {
        int[] columns = new int[features.size()];
        int count = 0;
        for (int i = 0; i < columns.length; i++) {
            if (!ignoredFeatures.contains(features.get(i))) {
                columns[count++] = i;
            }
        }
        if (count == 0) {
            throw new ConfigException.Generic("outrider.training.boosting.ignored-features leaves no feature");
        }
        return Arrays.copyOf(columns, count);
    }

    private static void requireAtLeast(String key, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "outrider.training." + key + " must be at least " + least + ": " + value);
        }
    }
}
