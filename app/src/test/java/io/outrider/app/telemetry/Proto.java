package io.outrider.app.telemetry;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A protobuf message read by its field numbers, as OTLP's definitions give them: what was sent, by nobody's classes. */
record Proto(UnknownFieldSet fields) {

    static Proto of(byte[] message) {
        return of(ByteString.copyFrom(message));
    }

    private static Proto of(ByteString message) {
        try {
            return new Proto(UnknownFieldSet.parseFrom(message));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("not a protobuf message", e);
        }
    }

    /** The messages in a field. */
    List<Proto> all(int field) {
        return fields.getField(field).getLengthDelimitedList().stream()
                .map(Proto::of)
                .toList();
    }

    Proto one(int field) {
        return all(field).get(0);
    }

    boolean has(int field) {
        return fields.hasField(field);
    }

    String text(int field) {
        List<ByteString> values = fields.getField(field).getLengthDelimitedList();
        return values.isEmpty() ? "" : values.get(0).toString(StandardCharsets.UTF_8);
    }

    String hex(int field) {
        List<ByteString> values = fields.getField(field).getLengthDelimitedList();
        return values.isEmpty() ? "" : HexFormat.of().formatHex(values.get(0).toByteArray());
    }

    long varint(int field) {
        List<Long> values = fields.getField(field).getVarintList();
        return values.isEmpty() ? 0 : values.get(0);
    }

    long fixed(int field) {
        List<Long> values = fields.getField(field).getFixed64List();
        return values.isEmpty() ? 0 : values.get(0);
    }

    double real(int field) {
        return Double.longBitsToDouble(fixed(field));
    }

    /** The attributes in a field, their values as text. */
    Map<String, String> attributes(int field) {
        Map<String, String> attributes = new TreeMap<>();
        for (Proto pair : all(field)) {
            Proto value = pair.one(2);
            String text = value.has(1)
                    ? value.text(1)
                    : value.has(2) ? Boolean.toString(value.varint(2) == 1) : Long.toString(value.varint(3));
            attributes.put(pair.text(1), text);
        }
        return attributes;
    }
}
