package io.outrider.http.access;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One row of the {@link AuthorizationTable}.
 *
 * @param method in capitals; GET stands for HEAD, too
 * @param template path as in {@code openapi.yaml}, with {@code {name}} for a segment of any text
 * @param role the least that a caller needs; null if nobody need say who they are
 * @param once whether a repeat with the same {@code Idempotency-Key} is answered by the first answer
 * @param parameters what may stand in the query, by name
 */
public record Operation(
        String method, String template, @Nullable Role role, boolean once, Set<String> parameters) {

    public Operation {
        parameters = Set.copyOf(parameters);
    }

    /** Anybody's. */
    static Operation open(String method, String template) {
        return new Operation(method, template, null, false, Set.of());
    }

    static Operation of(Role role, String method, String template) {
        return new Operation(method, template, role, false, Set.of());
    }

    /** One that starts or adds something, so that a client that lost the answer can safely ask again. */
    static Operation once(Role role, String method, String template) {
        return new Operation(method, template, role, true, Set.of());
    }

    /** The same, with these parameters in its query. */
    Operation taking(String... names) {
        return new Operation(method, template, role, once, Set.of(names));
    }

    @Override
    public String toString() {
        return method + " " + template;
    }
}
