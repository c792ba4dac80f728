package io.outrider.http.problem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/**
 * An error as a problem document (RFC 9457): its {@linkplain ProblemType type}, what happened this time, and extension
 * members such as {@code field} and {@code value} of bad input. Immutable.
 */
public final class Problem {

    private static final int MAX_VALUE_CHARS = 200;
    private static final ContentType CONTENT_TYPE =
            ContentTypes.create(MediaTypes.applicationWithFixedCharset("problem+json", HttpCharsets.UTF_8));

    private final ProblemType type;
    private final ObjectNode members;
    private final List<HttpHeader> headers;

    private Problem(ProblemType type, ObjectNode members, List<HttpHeader> headers) {
        this.type = type;
        this.members = members;
        this.headers = headers;
    }

    /** A problem of the type; {@code detail} is one sentence about this occurrence. */
    public static Problem of(ProblemType type, String detail) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        members.put("type", type.uri());
        members.put("title", type.title());
        members.put("status", type.status());
        members.put("detail", detail);
        return new Problem(type, members, List.of());
    }

    /** Bad input: names the offending field and shows its value, cut to {@value #MAX_VALUE_CHARS} characters. */
    public static Problem ofField(ProblemType type, String field, @Nullable String value, String detail) {
        Problem problem = of(type, detail).with("field", JsonNodeFactory.instance.textNode(field));
        return value == null ? problem : problem.with("value", JsonNodeFactory.instance.textNode(shortened(value)));
    }

    /** The same problem with one more member. */
    public Problem with(String member, JsonNode value) {
        ObjectNode more = members.deepCopy();
        more.set(member, value);
        return new Problem(type, more, headers);
    }

    /** The same problem with one more header on its answer. */
    public Problem withHeader(String name, String value) {
        List<HttpHeader> more = new ArrayList<>(headers);
        more.add(RawHeader.create(name, value));
        return new Problem(type, members, List.copyOf(more));
    }

    public ProblemType type() {
        return type;
    }

    public String detail() {
        return members.path("detail").asText();
    }

    /**
     * The answer to send.
     *
     * @param instance path of the request that ran into it
     */
    public HttpResponse response(String instance) {
        ObjectNode document = members.deepCopy();
        document.put("instance", instance);
        byte[] body = (document.toString() + "\n").getBytes(StandardCharsets.UTF_8);
        return HttpResponse.create()
                .withStatus(type.status())
                .addHeaders(headers)
                .withEntity(HttpEntities.create(CONTENT_TYPE, body));
    }

    private static String shortened(String value) {
        return value.length() <= MAX_VALUE_CHARS ? value : value.substring(0, MAX_VALUE_CHARS) + "…";
    }
}
