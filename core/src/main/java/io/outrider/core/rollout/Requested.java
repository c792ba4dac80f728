package io.outrider.core.rollout;

import java.time.Instant;

/** Who asks for a change of stages, when and why. */
public record Requested(String by, Instant at, String reason) {

    private static final int LONGEST = 500;

    public Requested {
        by = shortened("by", by);
        reason = shortened("reason", reason);
    }

    private static String shortened(String field, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(field + " must not be empty");
        }
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
