package io.outrider.detection.entity;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.outrider.core.account.AccountView;
import io.outrider.core.decision.Assessment;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * The messages that nodes send one another, as bytes: one byte of format version, then JSON in UTF-8; the manifest names
 * the message. Only what can cross from one node to another has a name here; on the way of the data nothing does, so
 * plainness counts more than speed. Unknown fields are ignored, which lets a version grow; a message of another version
 * is refused, loudly, and lost, which all of our conversations survive.
 *
 * <p>Pekko makes it by the class named in {@code detection-pekko.conf}. Thread-safe.
 */
public final class WireSerializer extends SerializerWithStringManifest {

    /** Version of the format that is written, and the only one that is read. */
    static final byte VERSION = 1;

    /** All messages, by manifest. */
    static final Map<String, Class<?>> MESSAGES = new TreeMap<>(Map.of(
            "account-envelope", AccountShards.Envelope.class,
            "account-touched", AccountEntity.Touched.class,
            "partition-answer", PartitionEntity.Answer.class,
            "partition-find", PartitionEntity.Find.class,
            "partition-assess", PartitionEntity.Assess.class,
            "partition-names", PartitionEntity.Names.class,
            "account-view", AccountView.class,
            "account-names", AccountNames.class,
            "assessment", Assessment.class));

    private static final int IDENTIFIER = 731_001;

    private final ObjectMapper json;

    public WireSerializer(ExtendedActorSystem system) {
        this.json = WireJson.mapper(ActorRefResolver.get(Adapter.toTyped(system)));
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
}
