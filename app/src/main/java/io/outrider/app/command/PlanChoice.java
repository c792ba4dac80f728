package io.outrider.app.command;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.feature.FeaturePlan;
import java.nio.file.Files;
import java.nio.file.Path;

/** A feature plan as a command's option names it. */
public final class PlanChoice {

    private PlanChoice() {}

    /** The plan that is built in under a name. */
    public static FeaturePlan named(String plan) {
        try {
            return FeaturePlan.named(plan);
        } catch (IllegalArgumentException e) {
            throw new CommandException("--plan: " + e.getMessage(), e);
        }
    }

    /** The same, or that of a file, where it is named like one: a plan that is being tried. */
    public static FeaturePlan of(String plan) {
        if (!plan.endsWith(".conf")) {
            try {
                return FeaturePlan.named(plan);
            } catch (IllegalArgumentException e) {
                throw new CommandException("--plan: " + e.getMessage() + "; a file is one whose name ends in .conf", e);
            }
        }
        Path file = Path.of(plan);
        if (!Files.isRegularFile(file)) {
            throw new CommandException("--plan: there is no file " + plan);
        }
        try {
            return FeaturePlan.compile(ConfigFactory.parseFile(file.toFile()).resolve());
        } catch (ConfigException | IllegalArgumentException e) {
            throw new CommandException("--plan " + plan + ": " + e.getMessage(), e);
        }
    }
}
