package io.outrider.training.supervisor;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.outrider.core.port.Runs;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * What supervisor, workers and API nodes say to one another, as bytes: one byte of format version, then JSON in UTF-8; the
 * manifest names the message. Unknown fields are ignored, which lets a version grow; a message of another version is
 * refused and lost, which they all survive.
 *
 * <p>Pekko makes it by the class named in {@code training-pekko.conf}. Thread-safe.
 */
public final class SupervisorWire extends SerializerWithStringManifest {

    /** Version of the format that is written, and the only one that is read. */
    static final byte VERSION = 1;

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

    private final ObjectMapper json;

    public SupervisorWire(ExtendedActorSystem system) {
        ActorRefResolver actors = ActorRefResolver.get(Adapter.toTyped(system));
        SimpleModule types = new SimpleModule();
        types.addSerializer(new ActorWriter(actors));
        types.addDeserializer(ActorRef.class, new ActorReader(actors));
        this.json = RunJson.mapper()
                .registerModule(types)
                .addMixIn(WorkStatus.class, Statuses.class)
                .addMixIn(Runs.Answer.class, Answers.class)
                .addMixIn(Runs.Cancellation.class, Cancellations.class);
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        for (Map.Entry<String, Class<?>> entry : MESSAGES.entrySet()) {
            if (entry.getValue().isInstance(message)) {
                return entry.getKey();
            }
        }
        throw new IllegalArgumentException(message.getClass() + " has no place on the wire");
    }

    @Override
    public byte[] toBinary(Object message) {
        try {
            byte[] text = json.writeValueAsBytes(message);
            byte[] bytes = new byte[text.length + 1];
            bytes[0] = VERSION;
            System.arraycopy(text, 0, bytes, 1, text.length);
            return bytes;
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot write a " + manifest(message), e);
        }
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        Class<?> type = MESSAGES.get(manifest);
        if (type == null) {
            throw new NotSerializableException("message '" + manifest + "' is unknown to this program");
        }
        if (bytes.length == 0 || bytes[0] != VERSION) {
            throw new NotSerializableException("message '" + manifest + "' is in format version "
                    + (bytes.length == 0 ? "(none)" : Byte.toString(bytes[0])) + ", this program reads version "
                    + VERSION);
        }
        try {
            return Objects.requireNonNull(json.readValue(bytes, 1, bytes.length - 1, type));
        } catch (IOException e) {
            throw (NotSerializableException)
                    new NotSerializableException("message '" + manifest + "' is damaged: " + e.getMessage())
                            .initCause(e);
        }
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
}
