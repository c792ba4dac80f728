package io.outrider.lake.model;

import com.typesafe.config.ConfigException;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Feature plans at rest, so that states and models of a plan outlive the program that brought it:
 * {@code models/<name>/plans/<fingerprint>.conf}, HOCON, replaced only where it is damaged. A program can work with those that it computes the same
 * features of and that read the same fields as its own. Calls block. Thread-safe.
 */
public final class PlanFiles {

    /** Where they lie, beside the models of that plan's name. */
    public static final String FOLDER = "plans";

    private final BlobStore lake;
    private final FeaturePlan own;
    private final Map<String, FeaturePlan> loaded = new ConcurrentHashMap<>();

    /** @param own the plan that this program is configured for */
    public PlanFiles(BlobStore lake, FeaturePlan own) {
        this.lake = lake;
        this.own = own;
        loaded.put(own.fingerprint(), own);
    }

    /** Stores a plan, unless it is there and whole. */
    public static void save(BlobStore lake, FeaturePlan plan) throws IOException {
        String name = file(plan.name(), plan.fingerprint());
        byte[] content = plan.source().getBytes(StandardCharsets.UTF_8);
        Optional<BlobStore.Blob> there = lake.get(name);
        // What another has written meanwhile is the same.
        if (there.isEmpty()) {
            Optional<String> unused = lake.putIfAbsent(name, content);
        } else if (!isWhole(name, plan.fingerprint(), there.get())) {
            Optional<String> unused = lake.putIfMatch(name, content, there.get().etag());
        }
    }

    private static boolean isWhole(String name, String fingerprint, BlobStore.Blob blob) {
        try {
            read(name, fingerprint, new String(blob.content(), StandardCharsets.UTF_8));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A plan by its fingerprint. IOException if the lake does not have it, or this program cannot work with it. */
    public FeaturePlan load(String fingerprint) throws IOException {
        return find(fingerprint)
                .orElseThrow(() -> new IOException("feature plan " + fingerprint + " is neither this program's, "
                        + own.fingerprint() + ", nor in the lake, as " + file(own.name(), fingerprint)));
    }

    /** The same; empty if the lake does not have it. */
    public Optional<FeaturePlan> find(String fingerprint) throws IOException {
        FeaturePlan known = loaded.get(fingerprint);
        if (known != null) {
            return Optional.of(known);
        }
        String name = file(own.name(), fingerprint);
        Optional<BlobStore.Blob> blob = lake.get(name);
        if (blob.isEmpty()) {
            return Optional.empty();
        }
        FeaturePlan plan = read(name, fingerprint, new String(blob.get().content(), StandardCharsets.UTF_8));
        if (!plan.schema().equals(own.schema())) {
            throw new IOException("feature plan " + fingerprint + " reads other fields of a transaction than plan "
                    + own.fingerprint() + ", which this program is configured for");
        }
        loaded.put(fingerprint, plan);
        return Optional.of(plan);
    }

    private static FeaturePlan read(String name, String fingerprint, String source) throws IOException {
        FeaturePlan plan;
        try {
            plan = FeaturePlan.parse(source);
        } catch (ConfigException | IllegalArgumentException e) {
            throw new IOException(name + " is no feature plan for this program: " + e.getMessage(), e);
        }
        if (!plan.fingerprint().equals(fingerprint)) {
            throw new IOException(name + " is of a program that computes features otherwise: here its fingerprint is "
                    + plan.fingerprint());
        }
        return plan;
    }

    private static String file(String plan, String fingerprint) {
        return "models/" + plan + "/" + FOLDER + "/" + fingerprint + ".conf";
    }
}
