package io.outrider.core.decision;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Which scored transactions are published with their vectors: {@code outrider.scored-transactions}. */
public enum ScoredEvents {
    /** None. */
    OFF,
    /** The review sample. */
    REVIEW,
    /** Every one: several times the traffic of the transactions themselves. */
    ALL;

    private static final String KEY = "outrider.scored-transactions";

    /** Reads the setting from the whole configuration; ConfigException names the key and what it may be. */
    public static ScoredEvents read(Config config) {
        String text = config.getString(KEY);
        List<String> names = Arrays.stream(values()).map(ScoredEvents::key).toList();
        int at = names.indexOf(text);
        if (at < 0) {
            throw new ConfigException.BadValue(
                    config.getValue(KEY).origin(), KEY, "must be one of " + names + ", is " + text);
        }
        return values()[at];
    }

    boolean include(boolean review) {
        return this == ALL || (this == REVIEW && review);
    }

    private String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
