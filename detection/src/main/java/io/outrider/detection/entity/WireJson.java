package io.outrider.detection.entity;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.outrider.core.event.LoggedEvent;
import io.outrider.detection.protocol.AccountMessage;
import io.outrider.detection.protocol.AccountReply;
import io.outrider.detection.protocol.RaisedAlert;
import java.io.IOException;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

/**
 * How messages become JSON: records by their components; alternatives as an object of one field that names the kind;
 * actors by their address; durations in milliseconds; numbers that are none as {@code "NaN"}.
 */
final class WireJson {

    private WireJson() {}

    static ObjectMapper mapper(ActorRefResolver actors) {
        SimpleModule types = new SimpleModule();
        types.addSerializer(new ActorWriter(actors));
        types.addDeserializer(ActorRef.class, new ActorReader(actors));
        types.addSerializer(new DurationWriter());
        types.addDeserializer(Duration.class, new DurationReader());
        return new ObjectMapper()
                .registerModule(types)
                .addMixIn(AccountEntity.Command.class, Commands.class)
                .addMixIn(AccountMessage.class, Messages.class)
                .addMixIn(AccountMessage.Opening.class, Openings.class)
                .addMixIn(AccountReply.class, Replies.class)
                .addMixIn(PartitionEntity.Answer.class, Answers.class)
                .addMixIn(LoggedEvent.class, Traced.class)
                .addMixIn(RaisedAlert.class, Traced.class)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = AccountEntity.Deliver.class, name = "deliver"),
        @JsonSubTypes.Type(value = AccountEntity.Touch.class, name = "touch"),
        @JsonSubTypes.Type(value = AccountEntity.View.class, name = "view"),
        @JsonSubTypes.Type(value = AccountEntity.Assess.class, name = "assess"),
        @JsonSubTypes.Type(value = AccountEntity.Stop.class, name = "stop")
    })
    private interface Commands {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = AccountMessage.Batch.class, name = "batch"),
        @JsonSubTypes.Type(value = AccountMessage.Retire.class, name = "retire")
    })
    private interface Messages {}

    /** What a run keeps of an account stays with the run. */
    @JsonIgnoreProperties("slot")
    private interface Openings {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = AccountReply.Folded.class, name = "folded"),
        @JsonSubTypes.Type(value = AccountReply.Refused.class, name = "refused"),
        @JsonSubTypes.Type(value = AccountReply.Retired.class, name = "retired")
    })
    private interface Replies {}

    /** An entity is spoken to directly on its own node only. */
    @JsonIgnoreProperties("from")
    private interface Answers {}

    /** A span belongs to the process that began it. */
    @JsonIgnoreProperties("trace")
    private interface Traced {}

    @SuppressWarnings({"serial", "rawtypes"}) // never serialised by Java; Jackson asks for the raw class
    private static final class ActorWriter extends StdSerializer<ActorRef> {
        private final transient ActorRefResolver actors;

        ActorWriter(ActorRefResolver actors) {
            super(ActorRef.class);
            this.actors = actors;
        }

        @Override
        public void serialize(ActorRef actor, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(actors.toSerializationFormat((ActorRef<?>) actor));
        }
    }

    @SuppressWarnings({"serial", "rawtypes"}) // as above
    private static final class ActorReader extends StdDeserializer<ActorRef> {
        private final transient ActorRefResolver actors;

        ActorReader(ActorRefResolver actors) {
            super(ActorRef.class);
            this.actors = actors;
        }

        @Override
        public ActorRef<?> deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return actors.resolveActorRef(json.getValueAsString());
        }
    }

    @SuppressWarnings("serial") // as above
    private static final class DurationWriter extends StdSerializer<Duration> {
        DurationWriter() {
            super(Duration.class);
        }

        @Override
        public void serialize(Duration duration, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeNumber(duration.toMillis());
        }
    }

    @SuppressWarnings("serial") // as above
    private static final class DurationReader extends StdDeserializer<Duration> {
        DurationReader() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return Duration.ofMillis(json.getLongValue());
        }
    }
}
