package io.outrider.detection.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A named mistake in production classes, as edits of their sources. Fails loudly where a source has moved on, so that no
 * mistake is ever believed to be caught that was never made.
 */
record Mutation(String name, List<Edit> edits, long seed) {

    private static final List<String> SOURCES = List.of("src/main/java/", "../lake/src/main/java/");

    /** {@code before} stands in the class's source exactly once. */
    record Edit(String className, String before, String after) {}

    static Mutation of(String name, String className, String before, String after) {
        return new Mutation(name, List.of(new Edit(className, before, after)), 1);
    }

    Mutation and(String className, String before, String after) {
        List<Edit> all = new ArrayList<>(edits);
        all.add(new Edit(className, before, after));
        return new Mutation(name, all, seed);
    }

    /** The schedule to try first: one that has shown the mistake before. */
    Mutation likelyAt(long first) {
        return new Mutation(name, edits, first);
    }

    /** The whole sources with the mistake in them, by class name. */
    Map<String, String> sources() {
        Map<String, String> sources = new LinkedHashMap<>();
        for (Edit edit : edits) {
            String source = sources.computeIfAbsent(edit.className(), this::read);
            int at = source.indexOf(edit.before());
            if (at < 0 || source.indexOf(edit.before(), at + 1) >= 0) {
                throw new AssertionError(
                        "mutation \"" + name + "\": " + edit.className() + " must have exactly once: " + edit.before());
            }
            sources.put(edit.className(), source.replace(edit.before(), edit.after()));
        }
        return sources;
    }

    private String read(String className) {
        Path module = Path.of(System.getProperty("basedir", ""));
        for (String root : SOURCES) {
            Path file = module.resolve(root + className.replace('.', '/') + ".java");
            if (Files.exists(file)) {
                try {
                    return Files.readString(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        throw new AssertionError("mutation \"" + name + "\": no source of " + className);
    }

    @Override
    public String toString() {
        return name;
    }
}
