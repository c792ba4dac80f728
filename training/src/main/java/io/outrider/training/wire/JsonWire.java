package io.outrider.training.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.Map;
import java.util.Objects;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Messages between nodes as bytes: one byte of format version, then JSON in UTF-8; the manifest names the message. Unknown
 * fields are ignored, which lets a version grow; a message of another version is refused and lost, which whoever speaks so
 * must survive. Thread-safe.
 */
public abstract class JsonWire extends SerializerWithStringManifest {

    /** Version of the format that is written, and the only one that is read. */
    public static final byte VERSION = 1;

    private final int identifier;
    private final Map<String, Class<?>> messages;
    private final ObjectMapper json;

    /**
     * A wire.
     *
     * @param identifier of the serializer, the same on all nodes
     * @param messages all messages, by manifest
     * @param json what else must be known of their parts; actors are
     */
    protected JsonWire(ExtendedActorSystem system, int identifier, Map<String, Class<?>> messages, ObjectMapper json) {
        ActorRefResolver actors = ActorRefResolver.get(Adapter.toTyped(system));
        SimpleModule types = new SimpleModule("actors");
        types.addSerializer(new ActorWriter(actors));
        types.addDeserializer(ActorRef.class, new ActorReader(actors));
        this.identifier = identifier;
        this.messages = Map.copyOf(messages);
        this.json = json.registerModule(types);
    }

    @Override
    public final int identifier() {
        return identifier;
    }

    @Override
    public final String manifest(Object message) {
        for (Map.Entry<String, Class<?>> entry : messages.entrySet()) {
            if (entry.getValue().isInstance(message)) {
                return entry.getKey();
            }
        }
        throw new IllegalArgumentException(message.getClass() + " has no place on the wire");
    }

    @Override
    public final byte[] toBinary(Object message) {
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
    public final Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        Class<?> type = messages.get(manifest);
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
