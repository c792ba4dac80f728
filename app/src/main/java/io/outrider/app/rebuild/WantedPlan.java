package io.outrider.app.rebuild;

import io.outrider.app.command.CommandException;
import io.outrider.app.command.PlanChoice;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.port.BlobStore;
import io.outrider.core.pseudonym.PseudonymKey;
import io.outrider.core.rollout.ModelStages;
import io.outrider.lake.checkpoint.CheckpointManifest;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.PlanFiles;
import io.outrider.lake.model.StageFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The feature plan that a partition's states are to be of: the one asked for, or else the one that they were of. */
final class WantedPlan {

    /** What nodes are configured for where nothing else is said. */
    private static final String DEFAULT = "transactions";

    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{32}");

    private final FeaturePlan own;
    private final @Nullable FeaturePlan chosen;
    private final PlanFiles plans;
    private final StageFile stages;
    private final ModelFiles models;

    private WantedPlan(FeaturePlan own, @Nullable FeaturePlan chosen, PlanFiles plans, BlobStore lake) {
        this.own = own;
        this.chosen = chosen;
        this.plans = plans;
        this.stages = new StageFile(lake, own.name());
        this.models = new ModelFiles(lake, own.name());
    }

    /** @param option a plan's name, file, or fingerprint in the lake; null for what the states were of */
    static WantedPlan of(@Nullable String option, BlobStore lake) {
        if (option == null) {
            FeaturePlan own = PlanChoice.of(DEFAULT);
            return new WantedPlan(own, null, new PlanFiles(lake, own), lake);
        }
        if (!FINGERPRINT.matcher(option).matches()) {
            FeaturePlan own = PlanChoice.of(option);
            return new WantedPlan(own, own, new PlanFiles(lake, own), lake);
        }
        FeaturePlan own = PlanChoice.of(DEFAULT);
        PlanFiles plans = new PlanFiles(lake, own);
        try {
            return new WantedPlan(own, plans.load(option), plans, lake);
        } catch (IOException e) {
            throw new CommandException("--plan " + option + ": " + e.getMessage(), e);
        }
    }

    /** One whose name and schema the states' plan has. */
    FeaturePlan own() {
        return own;
    }

    /** The plan for a partition with this manifest, or with none that can be read; IOException if it cannot be had. */
    FeaturePlan of(@Nullable CheckpointManifest old) throws IOException {
        if (chosen != null) {
            return chosen;
        }
        if (old != null) {
            return plans.load(PseudonymKey.planOf(old.planFingerprint()));
        }
        // Nothing tells what it was, but what it is to be.
        Optional<ModelStages> at = stages.read();
        return at.isEmpty()
                ? own
                : plans.load(models.manifest(at.get().champion()).planFingerprint());
    }

    /**
     * The model to decide under where no history can tell: the champion if it is of the plan, or the last champion that was; the
     * newest if none was. Other plans of the same name may have newer ones.
     */
    String modelOf(FeaturePlan plan) throws IOException {
        List<String> registered = models.versions();
        List<String> candidates = new ArrayList<>(registered);
        stages.read().ifPresent(at -> {
            candidates.addAll(at.former());
            candidates.add(at.champion());
        });
        candidates.retainAll(registered);
        for (int i = candidates.size() - 1; i >= 0; i--) {
            if (models.manifest(candidates.get(i)).planFingerprint().equals(plan.fingerprint())) {
                return candidates.get(i);
            }
        }
        throw new CommandException(
                "there is no model of plan " + plan.name() + " " + plan.fingerprint() + " in the lake to decide under");
    }
}
