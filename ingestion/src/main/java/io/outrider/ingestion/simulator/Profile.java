package io.outrider.ingestion.simulator;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Which kind of world is simulated. */
public enum Profile {
    /** Card holders at merchants. */
    CARDS("cards"),
    /** The stream of the system that Outrider replaces. */
    UNIFORM("uniform"),
    /** Users and the hosts they reach; for the plan of the same name. */
    NETWORK_ACCESS("network-access"),
    /** Readings of sensors; for the plan of the same name. */
    SENSOR("sensor");

    private final String wireName;

    Profile(String wireName) {
        this.wireName = wireName;
    }

    /** The name on the command line and in settings. */
    public String wireName() {
        return wireName;
    }

    /**
     * The profile with a name.
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static Profile named(String name) {
        for (Profile profile : values()) {
            if (profile.wireName.equals(name)) {
                return profile;
            }
        }
        throw new IllegalArgumentException("outrider.simulator.profile: no profile '" + name + "', only "
                + Arrays.stream(values()).map(Profile::wireName).collect(Collectors.joining(", ")));
    }
}
