package io.outrider.app.node;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What a node does in its cluster. */
public enum Role {
    /** Takes partitions. */
    DETECTION,
    /** Serves the API and the console; any node serves health and metrics. */
    API,
    /** Runs batch jobs. */
    BATCH;

    /** The name in settings and in the cluster. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads a comma-separated list; IllegalArgumentException names what is none. */
    public static Set<Role> parse(String list) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String part : list.split(",", -1)) {
            roles.add(Arrays.stream(values())
                    .filter(role -> role.wireName().equals(part.strip()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("'" + part.strip() + "' is no role; roles are "
                            + Arrays.stream(values()).map(Role::wireName).collect(Collectors.joining(", ")))));
        }
        return roles;
    }
}
