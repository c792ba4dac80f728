package io.outrider.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A mistake in one class of the feature plan, as an edit of its source, and what it makes wrong. The plan's fingerprint stays
 * what it is, as it would where somebody forgot it. Fails loudly where the source has moved on, so that no mistake is ever
 * believed to be caught that was never made.
 *
 * @param before stands in the source exactly once
 * @param features names of those that come out otherwise, and of no others
 */
record BrokenFeature(String mistake, String className, String before, String after, List<String> features) {

    private static final String PACKAGE = "io/outrider/core/feature/";

    /** Mistakes of every kind: in a value's last bit, at a window's edge, in what an account remembers, across accounts. */
    static List<BrokenFeature> all() {
        return List.of(
                new BrokenFeature(
                        "the amount is off by its last bit",
                        "FeatureKind",
                        "(f, s, e, k) -> e.amount()),",
                        "(f, s, e, k) -> Math.nextUp(e.amount())),",
                        List.of("amount")),
                new BrokenFeature(
                        "a window's far edge is inclusive",
                        "WindowRings",
                        ".bucket(timeMs) < windows[window].slots();",
                        ".bucket(timeMs) <= windows[window].slots();",
                        List.of("count_1h", "mean_1h")),
                new BrokenFeature(
                        "few events are fewer",
                        "AmountFormulas",
                        "private static final int FEW_EVENTS = 5;",
                        "private static final int FEW_EVENTS = 4;",
                        List.of("amount_z", "amount_z_shrunk")),
                new BrokenFeature(
                        "an account forgets the ids it has seen",
                        "FeaturePlan",
                        "state.ids.use(event.transactionId(), timeMs);",
                        "",
                        List.of("repeated_id")),
                new BrokenFeature(
                        "the newest fraud at a merchant does not count",
                        "RiskFormulas",
                        ": history.fraudRun();",
                        ": Math.max(0, history.fraudRun() - 1);",
                        List.of("merchant_fraud_run")));
    }

    /** Compiles the class with the mistake in it; returns the folder to put in front of the class path. */
    Path compile(Path folder) throws IOException {
        Path core = Processes.HOME.resolve("core");
        String source = Files.readString(core.resolve("src/main/java/" + PACKAGE + className + ".java"));
        int at = source.indexOf(before);
        if (at < 0 || source.indexOf(before, at + 1) >= 0) {
            throw new AssertionError("\"" + mistake + "\": " + className + " must have exactly once: " + before);
        }
        Path broken =
                Files.createDirectories(folder.resolve("source/" + PACKAGE)).resolve(className + ".java");
        Files.writeString(broken, source.replace(before, after));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<String> options = List.of(
                "-proc:none",
                "-nowarn",
                "-classpath",
                Processes.classPath(core.resolve("target/classes")),
                "-d",
                "" + classes);
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "this needs a JDK");
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, null, null)) {
            if (!compiler.getTask(null, files, problems, options, null, files.getJavaFileObjects(broken))
                    .call()) {
                throw new AssertionError("\"" + mistake + "\" does not compile: "
                        + problems.getDiagnostics().stream()
                                .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                                .toList());
            }
        }
        return classes;
    }

    @Override
    public String toString() {
        return mistake;
    }
}
