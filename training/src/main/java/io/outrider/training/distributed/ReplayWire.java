package io.outrider.training.distributed;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.outrider.training.wire.JsonWire;
import java.util.Map;
import org.apache.pekko.actor.ExtendedActorSystem;

/**
 * What a run's coordinator and its workers say to one another, as bytes. An order that is lost is given out again once its
 * worker has been silent for long enough; so is one whose answer is lost.
 *
 * <p>Pekko makes it by the class named in {@code training-pekko.conf}. Thread-safe.
 */
public final class ReplayWire extends JsonWire {

    /** All messages, by manifest. */
    static final Map<String, Class<?>> MESSAGES = Map.of(
            "take", ReplayWorkerEntity.Take.class,
            "answer", ReplayCoordinatorEntity.Answer.class,
            "alive", ReplayCoordinatorEntity.Alive.class);

    private static final int IDENTIFIER = 731_003;

    public ReplayWire(ExtendedActorSystem system) {
        super(
                system,
                IDENTIFIER,
                MESSAGES,
                new ObjectMapper()
                        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                        .addMixIn(ReplayOutcome.class, Outcomes.class));
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = ReplayOutcome.Done.class, name = "done"),
        @JsonSubTypes.Type(value = ReplayOutcome.Failed.class, name = "failed"),
        @JsonSubTypes.Type(value = ReplayOutcome.Refused.class, name = "refused")
    })
    private interface Outcomes {}
}
