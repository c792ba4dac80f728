package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts a body into events without rewriting them: what goes onto the log is what was sent, byte for byte. */
final class EventSplitter {

    private static final JsonFactory JSON = JsonFactory.builder()
            // So that the decoder may name "non-finite amount" instead of a syntax error here.
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private EventSplitter() {}

    /** Every line that is not blank; whether each is JSON is the decoder's to say. */
    static List<byte[]> lines(byte[] content) {
        List<byte[]> events = new ArrayList<>();
        int start = 0;
        for (int end = 0; end <= content.length; end++) {
            if (end == content.length || content[end] == '\n') {
                if (!isBlank(content, start, end)) {
                    events.add(Arrays.copyOfRange(content, start, end));
                }
                start = end + 1;
            }
        }
        return events;
    }

    /** The items of a JSON array, or the one value that is there. Throws a problem if the content is not JSON in UTF-8. */
    static List<byte[]> json(byte[] content) {
        try (JsonParser parser = JSON.createParser(content)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw notJson("there is nothing but white space");
            }
            List<byte[]> events =
                    first == JsonToken.START_ARRAY ? items(parser, content) : List.of(slice(parser, content));
            if (parser.nextToken() != null) {
                throw notJson("something follows the JSON value; for one object a line send application/x-ndjson");
            }
            return events;
        } catch (JsonProcessingException e) {
            throw notJson(Json.fault(e));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    /** Whether the content, known to be JSON, is an array. */
    static boolean isArray(byte[] content) {
        int i = 0;
        // A byte order mark is no white space to JSON, but the parser passes over it.
        while (i < content.length && (content[i] <= ' ')) {
            i++;
        }
        return i < content.length && content[i] == '[';
    }

    private static List<byte[]> items(JsonParser parser, byte[] content) throws IOException {
        List<byte[]> events = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == null) {
                throw notJson("the array does not end");
            }
            events.add(slice(parser, content));
        }
        return events;
    }

    private static byte[] slice(JsonParser parser, byte[] content) throws IOException {
        long start = parser.currentTokenLocation().getByteOffset();
        if (start < 0) {
            throw notJson("it is not UTF-8");
        }
        parser.skipChildren();
        parser.finishToken();
        long end = parser.currentLocation().getByteOffset();
        return Arrays.copyOfRange(content, (int) start, (int) Math.min(end, content.length));
    }

    private static boolean isBlank(byte[] content, int start, int end) {
        for (int i = start; i < end; i++) {
            if (content[i] != ' ' && content[i] != '\t' && content[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    private static ProblemException notJson(String why) {
        return new ProblemException(Problem.of(ProblemType.INVALID_BODY, "The body is not JSON: " + why + "."));
    }
}
