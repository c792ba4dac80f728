package io.outrider.training.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;

/** The records of this package as JSON. Fields that are not known are passed over, missing ones are not. */
public final class DatasetJson {

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    private DatasetJson() {}

    /** The record as JSON, indented; the same record gives the same bytes. */
    public static byte[] write(Object record) {
        try {
            return JSON.writeValueAsBytes(record);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of numbers and texts are always writable", e);
        }
    }

    /** Reads a record; {@code name} is the blob's, for the error. */
    public static <T> T read(String name, byte[] json, Class<T> type) throws IOException {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IOException(name + " cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    /** The same where fields may be missing that there were not always: {@code absent} has their values for then. */
    public static <T> T read(String name, byte[] json, Class<T> type, Map<String, ?> absent) throws IOException {
        try {
            ObjectNode fields = JSON.valueToTree(absent);
            fields.setAll(JSON.readValue(json, ObjectNode.class));
            return JSON.treeToValue(fields, type);
        } catch (JsonProcessingException e) {
            throw new IOException(name + " cannot be read: " + e.getOriginalMessage(), e);
        }
    }
}
