package io.outrider.ingestion.kafka;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the broker answers. It is asked for its nodes all the time, which is cheap, because Kafka's other clients say
 * nothing while they cannot connect: they try again without end, and one without partitions has nothing to miss.
 *
 * <p>It is away when nothing has come for the limit and two questions in a row failed: a process that was frozen itself
 * has an old answer, and finds out with the next. Thread-safe.
 */
public final class BrokerWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerWatch.class);

    private final String servers;
    private final Duration limit;
    private final LongSupplier nanos;

    private long answeredNanos;
    private int unanswered;
    private volatile @Nullable String problem;
    private volatile boolean closed;

    BrokerWatch(String servers, Duration limit, LongSupplier nanos) {
        this.servers = servers;
        this.limit = limit;
        this.nanos = nanos;
        this.answeredNanos = nanos.getAsLong();
    }

    /** Watches the broker, which has just answered, until closed. */
    public static BrokerWatch start(ActorSystem<?> system, KafkaSettings kafka, Topics topics) {
        BrokerWatch watch = new BrokerWatch(kafka.bootstrapServers(), kafka.answerLimit(), System::nanoTime);
        watch.ask(system, topics);
        return watch;
    }

    /** Why the broker cannot be used; empty while it answers. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Asks no more. */
    @Override
    public void close() {
        closed = true;
    }

    private void ask(ActorSystem<?> system, Topics topics) {
        if (closed) {
            return;
        }
        Duration pause = limit.dividedBy(5);
        Duration within = pause.multipliedBy(2);
        var unused = CompletableFuture.completedFuture(topics)
                .thenCompose(asked -> asked.answers(within))
                .whenComplete((answer, failure) -> {
                    if (!closed) {
                        ended(failure);
                        system.scheduler().scheduleOnce(pause, () -> ask(system, topics), system.executionContext());
                    }
                });
    }

    /** A question was answered, or failed. */
    synchronized void ended(@Nullable Throwable failure) {
        long now = nanos.getAsLong();
        Duration silence = Duration.ofNanos(now - answeredNanos);
        if (failure == null || isAnswer(failure)) {
            if (problem != null) {
                LOG.info("The broker at {} answers again, after {} s", servers, silence.toSeconds());
            }
            problem = null;
            unanswered = 0;
            answeredNanos = now;
            return;
        }
        unanswered++;
        if (unanswered > 1 && silence.compareTo(limit) >= 0 && problem == null) {
            problem = "no broker at " + servers + " has answered for " + limit.toSeconds() + " s or more";
            LOG.warn("{}: {}", problem, RootCause.of(failure));
        }
    }

    /** Whether the broker has said no itself, as one does that this client may not ask for its nodes. */
    private static boolean isAnswer(Throwable failure) {
        Throwable said =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return said instanceof ApiException
                && !(said instanceof RetriableException)
                && !(said instanceof AuthenticationException);
    }
}
