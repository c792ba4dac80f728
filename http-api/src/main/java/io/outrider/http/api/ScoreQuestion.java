package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.core.alert.Severity;
import io.outrider.core.decision.Assessment;
import io.outrider.core.event.EventSchema;
import io.outrider.core.event.Rejection;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One what-if question. Either a transaction as it would be on the log, where id and timestamp may be left out (the time is
 * then now) and the future is allowed; or {@code {"amount": …, "transaction_hour": …}}, a payment at that hour (0 to 23,
 * UTC) by an account that nothing is known of, which is answered as the same object with {@code anomaly_score} (threshold
 * minus score: lower is more anomalous, negative an anomaly) and {@code is_anomaly_predicted} added.
 */
final class ScoreQuestion {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String HOUR = "transaction_hour";
    private static final String HYPOTHETICAL_ID = "what-if";

    /** An account that no producer uses, for what is asked of a new one. */
    private static final String HYPOTHETICAL_ACCOUNT = "what-if:new-account";

    /** What keeps an anomaly at the very threshold below zero. */
    private static final double SMALLEST_ANOMALY = -1e-12;

    private final Transaction transaction;
    private final @Nullable ObjectNode asked;

    private ScoreQuestion(Transaction transaction, @Nullable ObjectNode asked) {
        this.transaction = transaction;
        this.asked = asked;
    }

    Transaction transaction() {
        return transaction;
    }

    /** @param account the name that the account is told by */
    void answer(JsonGenerator json, String account, Assessment verdict) throws IOException {
        if (asked != null) {
            scored(json, asked, verdict);
            return;
        }
        json.writeStartObject();
        json.writeStringField("account", account);
        json.writeStringField("transactionId", transaction.transactionId());
        Json.time(json, "eventTime", transaction.eventTimeMs());
        Json.number(json, "amount", transaction.amount());
        Json.number(json, "score", verdict.score());
        Json.number(json, "threshold", verdict.threshold());
        json.writeBooleanField("anomalous", verdict.anomalous());
        Severity severity = verdict.severity();
        Json.text(json, "severity", severity == null ? null : severity.name().toLowerCase(Locale.ROOT));
        json.writeStringField("modelVersion", verdict.modelVersion());
        Json.texts(json, "reasons", verdict.reasons());
        Json.number(json, "expectedScore", verdict.expectedScore());
        AlertJson.attributions(json, verdict.attributions());
        AlertJson.counterfactual(json, verdict.counterfactual());
        json.writeEndObject();
    }

    private static void scored(JsonGenerator json, ObjectNode asked, Assessment verdict) throws IOException {
        double margin = verdict.threshold() - verdict.score();
        ObjectNode answer = asked.deepCopy();
        answer.put("anomaly_score", verdict.anomalous() ? Math.min(margin, SMALLEST_ANOMALY) : Math.max(margin, 0));
        answer.put("is_anomaly_predicted", verdict.anomalous());
        json.writeRawValue(answer.toString());
    }

    /** Reads questions; thread-safe. */
    static final class Reader {

        private final EventSchema schema;
        private final Clock clock;

        Reader(EventSchema schema, Clock clock) {
            this.schema = schema;
            this.clock = clock;
        }

        /**
         * Throws the problem that names the bad field.
         *
         * @param index place in the request's array, or null for a single question
         */
        ScoreQuestion read(byte[] event, @Nullable Integer index) {
            ObjectNode question = object(event, index);
            boolean anonymous = question.has(HOUR) && !question.has(schema.accountField());
            ObjectNode filled = question.deepCopy();
            if (anonymous) {
                filled.put(schema.accountField(), HYPOTHETICAL_ACCOUNT);
                filled.put(
                        schema.timestampField(),
                        lastTimeAt(hour(question, index)).toString());
                filled.remove(HOUR);
            }
            fill(filled, schema.idField(), HYPOTHETICAL_ID);
            fill(filled, schema.timestampField(), clock.instant().toString());
            var decoder = new TransactionDecoder(schema);
            // Measured against the end of time nothing is too far ahead: a question may be about tomorrow.
            var result = decoder.decode(filled.toString().getBytes(StandardCharsets.UTF_8), Long.MAX_VALUE);
            if (result instanceof Rejection rejection) {
                throw invalid(rejection, question, index);
            }
            return new ScoreQuestion((Transaction) result, anonymous ? question : null);
        }

        private static ObjectNode object(byte[] event, @Nullable Integer index) {
            try {
                JsonNode node = MAPPER.readTree(event);
                if (node instanceof ObjectNode object) {
                    return object;
                }
                throw invalid("body", node.toString(), "a JSON object is expected", index);
            } catch (JsonProcessingException e) {
                throw invalid("body", null, "it is not JSON: " + Json.fault(e), index);
            } catch (IOException e) {
                throw new UncheckedIOException("reading from memory failed", e);
            }
        }

        private static void fill(ObjectNode object, String field, String value) {
            if (!object.hasNonNull(field)) {
                object.put(field, value);
            }
        }

        private int hour(ObjectNode question, @Nullable Integer index) {
            JsonNode hour = question.path(HOUR);
            if (!hour.isNumber()
                    || hour.doubleValue() != hour.intValue()
                    || hour.intValue() < 0
                    || hour.intValue() > 23) {
                throw invalid(HOUR, hour.toString(), HOUR + " must be a whole number from 0 to 23", index);
            }
            return hour.intValue();
        }

        private OffsetDateTime lastTimeAt(int hour) {
            OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
            OffsetDateTime today = now.with(LocalTime.of(hour, 0));
            return today.isAfter(now) ? today.minusDays(1) : today;
        }

        private static ProblemException invalid(Rejection rejection, ObjectNode question, @Nullable Integer index) {
            String field = Objects.requireNonNullElse(rejection.field(), "body");
            JsonNode value = question.get(field);
            return invalid(field, value == null ? null : value.asText(), rejection.detail(), index);
        }

        private static ProblemException invalid(
                String field, @Nullable String value, String detail, @Nullable Integer index) {
            String where = index == null ? field : "[" + index + "]." + field;
            return new ProblemException(Problem.ofField(ProblemType.INVALID_TRANSACTION, where, value, detail + "."));
        }
    }
}
