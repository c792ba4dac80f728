package io.outrider.app.rollout;

import io.outrider.app.command.CommandException;
import io.outrider.core.rollout.RolloutChange;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code outrider models stages}, {@code promote}, {@code rollback}, {@code shadow} and {@code canary}. */
public final class RolloutCommands {

    private RolloutCommands() {}

    /** What they have in common. */
    private abstract static class Step implements Callable<Integer> {

        @Spec
        private @Nullable CommandSpec spec;

        @Mixin
        private RolloutTarget target = new RolloutTarget();

        /** What is asked for; null to look only. */
        @Nullable
        abstract RolloutChange change();

        @Override
        public Integer call() throws IOException {
            if (spec == null) {
                throw new IllegalStateException("picocli sets it");
            }
            RolloutChange change = change();
            return change == null
                    ? target.show(spec.commandLine().getOut())
                    : target.change(
                            spec.commandLine().getOut(), spec.commandLine().getErr(), change);
        }
    }

    @Command(
            name = "stages",
            mixinStandardHelpOptions = true,
            description = "Which models are in force or compared, how they do, and what the gate says.")
    public static final class Stages extends Step {

        @Override
        @Nullable
        RolloutChange change() {
            return null;
        }
    }

    @Command(
            name = "promote",
            mixinStandardHelpOptions = true,
            description = "Makes a model the champion, if the gate agrees. A breaker watches it afterwards.")
    public static final class Promote extends Step {

        @Parameters(paramLabel = "VERSION", description = "The model's version.")
        private String version = "";

        @Option(names = "--force", description = "Whatever the gate says.")
        private boolean force;

        @Override
        RolloutChange change() {
            return new RolloutChange.Promote(version, force);
        }
    }

    @Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description = "Ends a running canary; without one, makes the champion before champion again.")
    public static final class Rollback extends Step {

        @Parameters(
                paramLabel = "VERSION",
                arity = "0..1",
                description = "The model that is to go out of force; refused where it is another that would.")
        private @Nullable String version;

        @Override
        RolloutChange change() {
            return new RolloutChange.Rollback(version);
        }
    }

    @Command(
            name = "shadow",
            mixinStandardHelpOptions = true,
            description = "Lets a model score beside the champion, to be compared. It decides nothing.")
    public static final class Shadow extends Step {

        @Parameters(paramLabel = "VERSION", arity = "0..1", description = "The model's version.")
        private @Nullable String version;

        @Option(names = "--end", description = "End the comparison.")
        private boolean end;

        @Override
        RolloutChange change() {
            if (end == (version != null)) {
                throw new CommandException("say which VERSION to compare, or --end");
            }
            return new RolloutChange.Shadow(version);
        }
    }

    @Command(
            name = "canary",
            mixinStandardHelpOptions = true,
            description = "Lets a model decide for a share of the accounts.")
    public static final class Canary extends Step {

        @Parameters(paramLabel = "VERSION", description = "The model's version.")
        private String version = "";

        @Option(
                names = "--share",
                required = true,
                paramLabel = "S",
                description = "Of the accounts, above 0 and below 1, such as 0.05.")
        private double share;

        @Override
        RolloutChange change() {
            if (!(share > 0 && share < 1)) {
                throw new CommandException("--share must be above 0 and below 1, is " + share);
            }
            return new RolloutChange.Canary(version, share);
        }
    }
}
