package io.outrider.training.supervisor;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.outrider.core.port.Runs;
import io.outrider.training.wire.JsonWire;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.actor.ExtendedActorSystem;

/**
 * What supervisor, workers and API nodes say to one another, as bytes. They all survive a message that is lost.
 *
 * <p>Pekko makes it by the class named in {@code training-pekko.conf}. Thread-safe.
 */
public final class SupervisorWire extends JsonWire {

    /** All messages, by manifest. */
    static final Map<String, Class<?>> MESSAGES = new TreeMap<>(Map.ofEntries(
            Map.entry("start", SupervisorEntity.Start.class),
            Map.entry("list", SupervisorEntity.ListRuns.class),
            Map.entry("find", SupervisorEntity.Find.class),
            Map.entry("cancel", SupervisorEntity.Cancel.class),
            Map.entry("report", SupervisorEntity.Report.class),
            Map.entry("started", SupervisorEntity.Started.class),
            Map.entry("listed", SupervisorEntity.Listed.class),
            Map.entry("found", SupervisorEntity.Found.class),
            Map.entry("cancelled", SupervisorEntity.Cancelled.class),
            Map.entry("execute", WorkerEntity.Execute.class),
            Map.entry("attach", WorkerEntity.Attach.class),
            Map.entry("halt", WorkerEntity.Halt.class),
            Map.entry("acknowledge", WorkerEntity.Acknowledge.class)));

    private static final int IDENTIFIER = 731_002;

    public SupervisorWire(ExtendedActorSystem system) {
        super(
                system,
                IDENTIFIER,
                MESSAGES,
                RunJson.mapper()
                        .addMixIn(WorkStatus.class, Statuses.class)
                        .addMixIn(Runs.Answer.class, Answers.class)
                        .addMixIn(Runs.Cancellation.class, Cancellations.class));
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = WorkStatus.Working.class, name = "working"),
        @JsonSubTypes.Type(value = WorkStatus.Done.class, name = "done"),
        @JsonSubTypes.Type(value = WorkStatus.Failed.class, name = "failed"),
        @JsonSubTypes.Type(value = WorkStatus.Halted.class, name = "halted"),
        @JsonSubTypes.Type(value = WorkStatus.Abandoned.class, name = "abandoned"),
        @JsonSubTypes.Type(value = WorkStatus.Unknown.class, name = "unknown")
    })
    private interface Statuses {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Runs.Answer.Accepted.class, name = "accepted"),
        @JsonSubTypes.Type(value = Runs.Answer.Repeated.class, name = "repeated"),
        @JsonSubTypes.Type(value = Runs.Answer.KeyReused.class, name = "key-reused"),
        @JsonSubTypes.Type(value = Runs.Answer.Busy.class, name = "busy"),
        @JsonSubTypes.Type(value = Runs.Answer.TooSoon.class, name = "too-soon"),
        @JsonSubTypes.Type(value = Runs.Answer.Refused.class, name = "refused"),
        @JsonSubTypes.Type(value = Runs.Answer.UnknownKind.class, name = "unknown-kind")
    })
    private interface Answers {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Runs.Cancellation.Cancelled.class, name = "cancelled"),
        @JsonSubTypes.Type(value = Runs.Cancellation.Ended.class, name = "ended"),
        @JsonSubTypes.Type(value = Runs.Cancellation.Unknown.class, name = "unknown")
    })
    private interface Cancellations {}
}
