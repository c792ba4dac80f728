package io.outrider.http.access;

import java.util.Optional;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * Who a request comes from, as an attribute of the request.
 *
 * @param subject the token's {@code sub}; {@code local} where nobody need say who they are
 */
public record Caller(String subject, Optional<Role> role) {

    /** Whoever can reach a loopback port without authentication. */
    static final Caller LOCAL = new Caller("local", Optional.of(Role.OPERATOR));

    static final Caller ANYBODY = new Caller("anybody", Optional.empty());

    private static final AttributeKey<Caller> KEY = AttributeKey.create("outrider-caller", Caller.class);

    /** The caller of a request that has passed the gate. */
    public static Caller of(HttpRequest request) {
        return request.getAttribute(KEY)
                .orElseThrow(() -> new IllegalStateException("the request has not passed the gate"));
    }

    HttpRequest markOn(HttpRequest request) {
        return request.addAttribute(KEY, this);
    }

    boolean may(Role needed) {
        return role.map(own -> own.includes(needed)).orElse(false);
    }
}
