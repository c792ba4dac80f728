package io.outrider.http.access;

import java.time.Instant;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * Who a request comes from, as an attribute of the request.
 *
 * @param subject the token's {@code sub}; {@code local} where nobody need say who they are
 * @param until the token's end
 */
public record Caller(String subject, Optional<Role> role, Instant until) {

    /** Whoever can reach a loopback port without authentication. */
    static final Caller LOCAL = new Caller("local", Optional.of(Role.OPERATOR), Instant.MAX);

    static final Caller ANYBODY = new Caller("anybody", Optional.empty(), Instant.MAX);

    private static final AttributeKey<Caller> KEY = AttributeKey.create("outrider-caller", Caller.class);

    /** The caller of a request that has passed the gate. */
    public static Caller of(HttpRequest request) {
        return request.getAttribute(KEY)
                .orElseThrow(() -> new IllegalStateException("the request has not passed the gate"));
    }

    /**
     * Who stands behind what they say, for records: where tokens are asked for, the token's subject, behind the name that
     * they give themselves, if they do; elsewhere just that name.
     *
     * @param claimed null if they give none
     */
    public @Nullable String signature(@Nullable String claimed) {
        if (!isNamed()) {
            return claimed;
        }
        return claimed == null || claimed.isBlank() || claimed.equals(subject)
                ? subject
                : claimed + " (" + subject + ")";
    }

    /** Whether they had to say who they are. */
    public boolean isNamed() {
        return !equals(LOCAL);
    }

    HttpRequest markOn(HttpRequest request) {
        return request.addAttribute(KEY, this);
    }

    boolean may(Role needed) {
        return role.map(own -> own.includes(needed)).orElse(false);
    }
}
