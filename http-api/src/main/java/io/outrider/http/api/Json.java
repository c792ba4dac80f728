package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/** JSON answers: written by streaming, numbers that JSON has no form for (NaN, infinities) as null, times as ISO-8601 UTC. */
final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** Writes one value. */
    @FunctionalInterface
    interface Writer {
        void write(JsonGenerator json) throws IOException;
    }

    private Json() {}

    /** Where and how a text is no JSON, in a plain half-sentence; the parser's own words are for its programmers. */
    static String fault(JsonProcessingException e) {
        String where = e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
        if (e instanceof JsonEOFException) {
            return "it ends too early," + where;
        }
        return e instanceof StreamConstraintsException
                ? "it is nested too deeply, or a name, text or number is too long," + where
                : "it goes wrong" + where;
    }

    static HttpResponse ok(Writer writer) {
        return response(200, writer);
    }

    static HttpResponse response(int status, Writer writer) {
        return HttpResponse.create()
                .withStatus(status)
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, bytes(writer)));
    }

    /** The value on one line, with a line feed behind it. */
    static byte[] bytes(Writer writer) {
        var out = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            writer.write(json);
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    static void number(JsonGenerator json, String field, double value) throws IOException {
        json.writeFieldName(field);
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }

    static void text(JsonGenerator json, String field, @Nullable String value) throws IOException {
        json.writeFieldName(field);
        if (value == null) {
            json.writeNull();
        } else {
            json.writeString(value);
        }
    }

    static void texts(JsonGenerator json, String field, Iterable<String> values) throws IOException {
        json.writeArrayFieldStart(field);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    static void time(JsonGenerator json, String field, long epochMs) throws IOException {
        json.writeStringField(field, Instant.ofEpochMilli(epochMs).toString());
    }
}
