package io.outrider.http.traffic;

import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * Refuses parameters that an operation does not take. A filter whose name is misspelt would otherwise filter nothing, and the
 * caller would take all for some.
 */
public final class QueryNames {

    private QueryNames() {}

    /** Throws {@link ProblemException}, which names the parameter, if the query has another than the known ones. */
    public static void check(HttpRequest request, Set<String> known) {
        for (String name : request.getUri().query().toMultiMap().keySet()) {
            if (!known.contains(name)) {
                throw new ProblemException(Problem.ofField(
                        ProblemType.INVALID_PARAMETER,
                        name,
                        request.getUri().query().get(name).orElse(null),
                        known.isEmpty()
                                ? "Nothing may be asked for here in the query."
                                : "This is no parameter here; those are " + String.join(", ", new TreeSet<>(known))
                                        + "."));
            }
        }
    }
}
