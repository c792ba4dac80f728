package io.outrider.core.port;

import io.outrider.core.run.Run;
import io.outrider.core.run.RunRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The runs of batch jobs (ETL, training), as the cluster's supervisor knows them. Thread-safe; every stage fails with
 * {@link UnavailableException} while the supervisor moves to another node.
 */
public interface Runs {

    /** What the supervisor says to a request. */
    sealed interface Answer {

        /** It is a new run, and will not be forgotten. */
        record Accepted(Run run) implements Answer {}

        /** This key has been used before for the same request: the run that came of it. */
        record Repeated(Run run) implements Answer {}

        /** This key has been used before for another request. */
        record KeyReused(Run run) implements Answer {}

        /** One of the kind is queued or running, and there are never two. */
        record Busy(Run run) implements Answer {}

        /** Drift has had its run; the next may come then. */
        record TooSoon(Instant nextAt) implements Answer {}

        /** The job cannot do with a parameter. */
        record Refused(String parameter, String value, String why) implements Answer {}

        /** There is no job of this kind. */
        record UnknownKind(List<String> kinds) implements Answer {}
    }

    /** What the supervisor says to a wish to cancel. */
    sealed interface Cancellation {

        /** It is, or will be as soon as its worker has stopped. */
        record Cancelled(Run run) implements Cancellation {}

        /** It had already ended. */
        record Ended(Run run) implements Cancellation {}

        /** There is no such run. */
        enum Unknown implements Cancellation {
            INSTANCE
        }
    }

    /** Runs, newest first; {@code next} continues with older ones and is null at the end. */
    record Page(List<Run> items, @Nullable Long next) {}

    /** Starts a run of a kind, if it may. */
    CompletionStage<Answer> start(String kind, RunRequest request);

    /**
     * The runs of a kind.
     *
     * @param before {@link Page#next} of the page before, or null to start
     * @param limit 1 to 1,000
     * @return empty if there is no such kind
     */
    CompletionStage<Optional<Page>> page(String kind, @Nullable Long before, int limit);

    /** One run by its id; empty if there is none, or it is older than the history goes. */
    CompletionStage<Optional<Run>> find(String kind, String id);

    /** Ends a run that has not ended. */
    CompletionStage<Cancellation> cancel(String kind, String id);
}
