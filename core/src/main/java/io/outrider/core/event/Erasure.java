package io.outrider.core.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A record that says: forget all that this account's log (or its labels) held before. It lies in the log like an event, so
 * whoever folds the log comes to it at the same place each time. As JSON it is an object of two fields, {@value #FIELD} with
 * the erasure's id and the account under the name that the account has in the topic; nothing that comes from outside through
 * the API is taken for one, since it is no valid event.
 *
 * @param id names the request
 */
public record Erasure(String id, String account) implements DecodeResult {

    /** What makes a record an erasure. */
    public static final String FIELD = "outrider_erasure";

    private static final byte[] QUOTED = ('"' + FIELD + '"').getBytes(StandardCharsets.UTF_8);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The record's value. */
    public byte[] encode(String accountField) {
        ObjectNode json = JSON.createObjectNode().put(FIELD, id).put(accountField, account);
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("two texts are always writable", e);
        }
    }

    /** Reads a record's value; null if it is no erasure. Cheap where it is none. */
    public static @Nullable Erasure read(byte @Nullable [] value, String accountField) {
        if (value == null || value.length > TransactionDecoder.MAX_BYTES || !mentions(value)) {
            return null;
        }
        try {
            JsonNode json = JSON.readTree(value);
            JsonNode id = json.path(FIELD);
            JsonNode account = json.path(accountField);
            boolean whole = id.isTextual()
                    && account.isTextual()
                    && !account.textValue().isBlank();
            return whole ? new Erasure(id.textValue(), account.textValue()) : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static boolean mentions(byte[] value) {
        for (int at = 0; at + QUOTED.length <= value.length; at++) {
            int same = 0;
            while (same < QUOTED.length && value[at + same] == QUOTED[same]) {
                same++;
            }
            if (same == QUOTED.length) {
                return true;
            }
        }
        return false;
    }
}
