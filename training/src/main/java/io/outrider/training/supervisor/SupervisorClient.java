package io.outrider.training.supervisor;

import io.outrider.core.port.Runs;
import io.outrider.core.port.UnavailableException;
import io.outrider.core.run.Run;
import io.outrider.core.run.RunRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks the supervisor, on whichever node it is. Thread-safe. */
final class SupervisorClient implements Runs {

    private final ActorSystem<?> system;
    private final ActorRef<SupervisorEntity.Command> supervisor;
    private final Duration limit;

    /** @param limit how long an answer may take */
    SupervisorClient(ActorSystem<?> system, ActorRef<SupervisorEntity.Command> supervisor, Duration limit) {
        this.system = system;
        this.supervisor = supervisor;
        this.limit = limit;
    }

    @Override
    public CompletionStage<Answer> start(String kind, RunRequest request) {
        return ask(SupervisorEntity.Started.class, replyTo -> new SupervisorEntity.Start(kind, request, replyTo))
                .thenApply(SupervisorEntity.Started::answer);
    }

    @Override
    public CompletionStage<Optional<Page>> page(String kind, @Nullable Long before, int max) {
        return ask(SupervisorEntity.Listed.class, replyTo -> new SupervisorEntity.ListRuns(kind, before, max, replyTo))
                .thenApply(listed -> Optional.ofNullable(listed.page()));
    }

    @Override
    public CompletionStage<Optional<Run>> find(String kind, String id) {
        OptionalLong number = number(kind, id);
        return number.isEmpty()
                ? CompletableFuture.completedFuture(Optional.empty())
                : ask(
                                SupervisorEntity.Found.class,
                                replyTo -> new SupervisorEntity.Find(kind, number.getAsLong(), replyTo))
                        .thenApply(found -> Optional.ofNullable(found.run()));
    }

    @Override
    public CompletionStage<Cancellation> cancel(String kind, String id) {
        OptionalLong number = number(kind, id);
        return number.isEmpty()
                ? CompletableFuture.completedFuture(Cancellation.Unknown.INSTANCE)
                : ask(
                                SupervisorEntity.Cancelled.class,
                                replyTo -> new SupervisorEntity.Cancel(kind, number.getAsLong(), replyTo))
                        .thenApply(SupervisorEntity.Cancelled::answer);
    }

    private static OptionalLong number(String kind, String id) {
        String prefix = kind + "-";
        return id.startsWith(prefix) && id.substring(prefix.length()).matches("[1-9]\\d{0,17}")
                ? OptionalLong.of(Long.parseLong(id.substring(prefix.length())))
                : OptionalLong.empty();
    }

    private <T extends SupervisorEntity.Reply> CompletionStage<T> ask(
            Class<T> type, Function<ActorRef<SupervisorEntity.Reply>, SupervisorEntity.Command> question) {
        return AskPattern.ask(supervisor, question, limit, system.scheduler())
                .thenApply(type::cast)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(unavailable(failure)));
    }

    private Throwable unavailable(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof TimeoutException
                ? new UnavailableException(
                        "the supervisor of batch runs does not answer: it moves to another node, or can't reach the lake",
                        cause)
                : cause;
    }
}
