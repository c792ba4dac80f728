package io.outrider.http.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a caller may do; each role may do what those before it may. */
public enum Role {
    /** Looks: alerts, accounts, models, figures. */
    VIEWER,
    /** Judges: labels, reviews, what-if questions. */
    ANALYST,
    /** Changes what happens: events onto the log, runs, models, erasures. */
    OPERATOR;

    /** As in tokens and documents: {@code viewer}, {@code analyst}, {@code operator}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of that wire name; empty if there is none, for a token may carry roles of other applications. */
    public static Optional<Role> named(String wireName) {
        return Arrays.stream(values())
                .filter(role -> role.wireName().equals(wireName))
                .findFirst();
    }

    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }
}
