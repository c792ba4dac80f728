package io.outrider.core.feature;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.outrider.core.event.EventSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A plan's HOCON to {@link PlanSettings}. Every mistake is a ConfigException that names the key and its value; a key that
 * means nothing is a mistake.
 */
final class PlanReader {

    /** Ring sizes and memories are bounded so that a slip in a plan cannot make every account heavy. */
    private static final int MAX_SLOTS = 1000;

    private static final int MAX_MEMORY = 4096;

    /** Days of a merchant's history, by the number that stands for them. */
    private static final int[] DAYS = {1, 7, 30};

    private static final Map<String, FeatureKind> KINDS = kinds();

    private PlanReader() {}

    static PlanSettings read(Config plan) {
        knownKeys(plan, "", Set.of("name", "words", "schema", "windows", "memory", "prior", "surge", "features"));
        Window[] windows = windows(plan);
        PlanSettings.Surge surge = surge(plan.getConfig("surge"));
        Config memory = plan.getConfig("memory");
        knownKeys(memory, "memory.", Set.of("amounts", "horizon", "merchants", "devices", "networks", "ids"));
        return new PlanSettings(
                plan.getString("name"),
                plan.hasPath("words") ? words(plan.getConfig("words")) : Words.DEFAULT,
                schema(plan.getConfig("schema")),
                windows,
                positive(memory, "amounts"),
                positive(memory, "horizon"),
                positive(memory, "merchants"),
                positive(memory, "devices"),
                positive(memory, "networks"),
                positive(memory, "ids"),
                prior(plan.getConfig("prior")),
                surge,
                features(plan, windows, surge.windows()));
    }

    private static Words words(Config words) {
        knownKeys(words, "words.", Set.of("subject", "amount", "unit", "decimals"));
        return new Words(
                words.getString("subject"),
                words.getString("amount"),
                words.getString("unit"),
                whole(words, "decimals", 0, 6));
    }

    private static EventSchema schema(Config schema) {
        knownKeys(
                schema,
                "schema.",
                Set.of(
                        "id",
                        "account",
                        "amount",
                        "timestamp",
                        "merchant",
                        "device",
                        "network",
                        "currency",
                        "fraud",
                        "negative-amounts",
                        "max-ahead"));
        Duration maxAhead = schema.getDuration("max-ahead");
        if (maxAhead.isNegative()) {
            throw bad(schema, "max-ahead", "must not be negative");
        }
        return new EventSchema(
                schema.getString("id"),
                schema.getString("account"),
                schema.getString("amount"),
                schema.getString("timestamp"),
                optional(schema, "merchant"),
                optional(schema, "device"),
                optional(schema, "network"),
                optional(schema, "currency"),
                optional(schema, "fraud"),
                schema.getBoolean("negative-amounts"),
                maxAhead);
    }

    private static Window[] windows(Config plan) {
        List<Window> windows = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int first = 0;
        for (Config window : plan.getConfigList("windows")) {
            knownKeys(window, "windows.", Set.of("name", "length", "bucket"));
            String name = window.getString("name");
            long lengthMs = window.getDuration("length").toMillis();
            long bucketMs = window.getDuration("bucket").toMillis();
            if (bucketMs <= 0 || lengthMs <= 0 || lengthMs % bucketMs != 0) {
                throw bad(window, "bucket", "must divide the length of window " + name);
            }
            if (lengthMs / bucketMs >= MAX_SLOTS) {
                throw bad(window, "bucket", "makes more than " + MAX_SLOTS + " buckets for window " + name);
            }
            if (!names.add(name)) {
                throw bad(window, "name", "is taken by another window");
            }
            int slots = (int) (lengthMs / bucketMs) + 1;
            windows.add(new Window(name, lengthMs, bucketMs, slots, first));
            first += slots;
        }
        if (windows.isEmpty()) {
            throw bad(plan, "windows", "must not be empty");
        }
        return windows.toArray(Window[]::new);
    }

    private static PlanSettings.Prior prior(Config prior) {
        knownKeys(prior, "prior.", Set.of("center", "spread", "events", "floor"));
        double center = prior.getDouble("center");
        if (!Double.isFinite(center)) {
            throw bad(prior, "center", "must be finite");
        }
        return new PlanSettings.Prior(center, number(prior, "spread"), number(prior, "events"), number(prior, "floor"));
    }

    private static PlanSettings.Surge surge(Config surge) {
        knownKeys(surge, "surge.", Set.of("threshold", "relative-floor", "windows"));
        return new PlanSettings.Surge(number(surge, "threshold"), number(surge, "relative-floor"), windows(surge));
    }

    private static List<FeatureSpec> features(Config plan, Window[] windows, Window[] surgeWindows) {
        List<FeatureSpec> features = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Config feature : plan.getConfigList("features")) {
            FeatureSpec spec = feature(feature, windows, surgeWindows);
            if (!names.add(spec.feature().name())) {
                throw bad(feature, "name", "is taken by another feature");
            }
            features.add(spec);
        }
        if (features.isEmpty()) {
            throw bad(plan, "features", "must not be empty");
        }
        return List.copyOf(features);
    }

    private static FeatureSpec feature(Config feature, Window[] windows, Window[] surgeWindows) {
        FeatureKind kind = KINDS.get(feature.getString("kind"));
        if (kind == null) {
            throw bad(
                    feature,
                    "kind",
                    "is none of " + KINDS.keySet().stream().sorted().toList());
        }
        FeatureKind.Takes takes = kind.takes();
        Set<String> keys = new HashSet<>(Set.of("kind", "name", "words", "unit", "shrunk"));
        int window = 0;
        if (takes == FeatureKind.Takes.WINDOW) {
            keys.addAll(Set.of("window", "current"));
            window = windowNamed(feature, windows);
        } else if (takes == FeatureKind.Takes.SURGE_WINDOW) {
            keys.add("window");
            window = windowNamed(feature, surgeWindows);
        } else if (takes.days()) {
            keys.add("days");
            window = days(feature);
        }
        if (takes.number()) {
            keys.add("number");
        }
        knownKeys(feature, "features.", keys);
        return new FeatureSpec(
                new Feature(
                        feature.getString("name"),
                        feature.getString("words"),
                        feature.getString("unit"),
                        kind.isYesOrNo(),
                        memory(kind, window, windows)),
                kind,
                window,
                choice(feature, "current", kind, kind.canCountItself()),
                choice(feature, "shrunk", kind, kind.canBeShrunk()),
                switch (takes) {
                    case HOUR -> whole(feature, "number", 0, 23);
                    case EVENTS -> whole(feature, "number", 1, Long.SIZE);
                    case DAYS_AND_STRENGTH -> number(feature, "number");
                    case NOTHING, WINDOW, SURGE_WINDOW, DAYS -> 0;
                });
    }

    private static boolean choice(Config feature, String key, FeatureKind kind, boolean possible) {
        boolean chosen = feature.hasPath(key) && feature.getBoolean(key);
        if (chosen && !possible) {
            throw bad(feature, key, "changes nothing for the kind " + kind.key());
        }
        return chosen;
    }

    /** What looks back over an account's whole life has come to rest, by and large, once the longest window is full. */
    private static Feature.Memory memory(FeatureKind kind, int window, Window[] windows) {
        long lengthMs = 0;
        if (kind.isOfTheEvent()) {
            lengthMs = 0;
        } else if (kind.takes() == FeatureKind.Takes.WINDOW) {
            lengthMs = windows[window].lengthMs() + windows[window].bucketMs();
        } else if (kind.takes().days()) {
            lengthMs = Duration.ofDays(DAYS[window]).toMillis();
        } else {
            for (Window any : windows) {
                lengthMs = Math.max(lengthMs, any.lengthMs());
            }
        }
        return new Feature.Memory(lengthMs, kind.course());
    }

    private static int windowNamed(Config feature, Window[] windows) {
        for (int i = 0; i < windows.length; i++) {
            if (windows[i].name().equals(feature.getString("window"))) {
                return i;
            }
        }
        throw bad(feature, "window", "names no window of this plan");
    }

    private static int days(Config feature) {
        return switch (whole(feature, "days", DAYS[0], DAYS[2])) {
            case 1 -> 0;
            case 7 -> 1;
            case 30 -> 2;
            default -> throw bad(feature, "days", "must be 1, 7 or 30");
        };
    }

    private static double number(Config config, String key) {
        double number = config.getDouble(key);
        if (!(number > 0) || Double.isInfinite(number)) {
            throw bad(config, key, "must be above 0 and finite");
        }
        return number;
    }

    private static int positive(Config memory, String key) {
        return whole(memory, key, 1, MAX_MEMORY);
    }

    /** Not {@code getInt}, which cuts a fraction off. */
    private static int whole(Config config, String key, int least, int most) {
        double value = config.getDouble(key);
        if (!(value >= least && value <= most) || value != Math.rint(value)) {
            throw bad(config, key, "must be a whole number between " + least + " and " + most);
        }
        return (int) value;
    }

    private static @Nullable String optional(Config schema, String key) {
        return schema.hasPath(key) ? schema.getString(key) : null;
    }

    private static void knownKeys(Config config, String within, Set<String> keys) {
        for (String key : config.root().keySet()) {
            if (!keys.contains(key)) {
                throw new ConfigException.BadPath(config.origin(), within + key, "means nothing here");
            }
        }
    }

    private static ConfigException bad(Config config, String key, String what) {
        Object value = config.getValue(key).unwrapped();
        return new ConfigException.BadValue(config.origin(), key, value + ", " + what);
    }

    private static Map<String, FeatureKind> kinds() {
        Map<String, FeatureKind> kinds = new HashMap<>();
        for (FeatureKind kind : FeatureKind.values()) {
            kinds.put(kind.key(), kind);
        }
        return kinds;
    }

    /** Everything that decides what is computed, one line each, in a fixed spelling: what a fingerprint is taken of. */
    static String canonical(PlanSettings plan) {
        var text = new StringBuilder();
        text.append("schema ").append(plan.schema()).append('\n');
        windows(plan.windows(), text);
        windows(plan.surge().windows(), text);
        text.append("memory ")
                .append(plan.amounts())
                .append(' ')
                .append(plan.horizon())
                .append(' ');
        text.append(plan.merchants())
                .append(' ')
                .append(plan.devices())
                .append(' ')
                .append(plan.networks());
        text.append(' ').append(plan.ids()).append('\n').append(plan.prior()).append('\n');
        text.append(plan.surge().threshold())
                .append(' ')
                .append(plan.surge().relativeFloor())
                .append('\n');
        for (FeatureSpec spec : plan.features()) {
            text.append(spec.feature().name())
                    .append(' ')
                    .append(spec.kind().key())
                    .append(' ');
            text.append(spec.window())
                    .append(' ')
                    .append(spec.current())
                    .append(' ')
                    .append(spec.shrunk());
            text.append(' ').append(spec.number()).append('\n');
        }
        return text.toString();
    }

    private static void windows(Window[] windows, StringBuilder text) {
        text.append("windows\n");
        for (Window window : windows) {
            text.append(window.lengthMs()).append(' ').append(window.bucketMs()).append('\n');
        }
    }
}
