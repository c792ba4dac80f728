package io.outrider.app.process;

import com.typesafe.config.Config;
import java.util.Arrays;
import java.util.List;

/** {@code outrider.batch-process}; {@code reference.conf} says what each key means. */
public record ProcessSettings(boolean enabled, boolean idle, int niceness, List<String> javaOptions) {

    private static final String PATH = "outrider.batch-process";

    public ProcessSettings {
        javaOptions = List.copyOf(javaOptions);
        if (niceness < 0 || niceness > 19) {
            throw new IllegalArgumentException(PATH + ".niceness must be 0 to 19: " + niceness);
        }
    }

    /** Reads the settings; IllegalArgumentException or ConfigException names a bad key. */
    public static ProcessSettings from(Config root) {
        Config config = root.getConfig(PATH);
        return new ProcessSettings(
                config.getBoolean("enabled"),
                config.getBoolean("idle"),
                config.getInt("niceness"),
                Arrays.stream(config.getString("java-options").split("\\s+"))
                        .filter(option -> !option.isEmpty())
                        .toList());
    }
}
