package io.outrider.core.batch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.core.decision.Assessment;
import io.outrider.core.event.EventSchema;
import io.outrider.core.event.Rejection;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.core.port.UnavailableException;
import io.outrider.core.port.WhatIf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Scores the rows of a table as what-if questions: each against its account as it is then, with no row knowing of another, and nothing
 * is changed. A row that is no transaction is answered by its error. Thread-safe.
 */
public final class BatchScoring {

    /** Columns that the answer has behind those of the table. */
    public static final List<String> ADDED =
            List.of("score", "threshold", "anomalous", "severity", "model_version", "reasons", "error");

    /** What bytes are read as that are none: an account with it would be another account. */
    private static final char NOT_UTF_8 = '\uFFFD';

    private final WhatIf whatIf;
    private final EventSchema schema;
    private final List<String> header;
    private final List<String> fields;

    private BatchScoring(WhatIf whatIf, EventSchema schema, List<String> header, List<String> fields) {
        this.whatIf = whatIf;
        this.schema = schema;
        this.header = List.copyOf(header);
        this.fields = List.copyOf(fields);
    }

    /**
     * Scoring of a table with this header.
     *
     * @param mapping field of the event's schema to column of the table; a field that is not named is the column of its own name
     * @throws IllegalArgumentException if account, amount or time have no column, or a mapping names a field or column that there is not
     */
    public static BatchScoring of(WhatIf whatIf, EventSchema schema, List<String> header, Map<String, String> mapping) {
        List<String> names = header.stream().map(String::strip).toList();
        List<String> known = schema.fields();
        for (Map.Entry<String, String> entry : mapping.entrySet()) {
            if (!known.contains(entry.getKey())) {
                throw new IllegalArgumentException(
                        "there is no field " + entry.getKey() + " of a transaction; there are " + known);
            }
            if (!names.contains(entry.getValue())) {
                throw new IllegalArgumentException(
                        "there is no column " + entry.getValue() + " for " + entry.getKey() + "; there are " + names);
            }
        }
        Set<String> mapped = new HashSet<>(mapping.values());
        List<String> fields = new ArrayList<>();
        for (String name : names) {
            String field = mapping.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(name))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(name);
            // A column of a field's name that the mapping gives another column for is that column no more.
            fields.add(mapping.containsKey(field) && !mapped.contains(name) ? "column " + name : field);
        }
        for (String needed : List.of(schema.accountField(), schema.amountField(), schema.timestampField())) {
            if (fields.stream().filter(needed::equals).count() != 1) {
                throw new IllegalArgumentException("exactly one column must be " + needed + "; there are " + names);
            }
        }
        return new BatchScoring(whatIf, schema, names, fields);
    }

    /** The answer's first line. */
    public String headerLine() {
        List<String> all = new ArrayList<>(header);
        for (String added : ADDED) {
            all.add(header.contains(added) ? "outrider_" + added : added);
        }
        return CsvText.line(all);
    }

    /** The row's line of the answer. Fails only with {@link UnavailableException}. */
    public CompletionStage<String> score(CsvRecords.Row row) {
        Object read = read(row);
        if (read instanceof Transaction transaction) {
            return whatIf.assess(transaction).thenApply(verdict -> line(row, verdict, null));
        }
        return CompletableFuture.completedFuture(line(row, null, String.valueOf(read)));
    }

    /** A transaction, or what keeps the row from being one. */
    private Object read(CsvRecords.Row row) {
        if (row.oversized()) {
            return "oversized: a row has at most " + CsvRecords.MAX_BYTES + " bytes";
        }
        if (row.fields().size() != fields.size()) {
            return "wrong-value: the row has " + row.fields().size() + " fields, the header " + fields.size();
        }
        if (row.fields().stream().anyMatch(field -> field.indexOf(NOT_UTF_8) >= 0)) {
            return "wrong-value: the row is not UTF-8";
        }
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put(schema.idField(), "row-" + row.number());
        for (int i = 0; i < fields.size(); i++) {
            put(event, fields.get(i), row.fields().get(i));
        }
        // Measured against the end of time nothing is too far ahead: a question may be about tomorrow.
        var result = new TransactionDecoder(schema)
                .decode(event.toString().getBytes(StandardCharsets.UTF_8), Long.MAX_VALUE);
        return result instanceof Rejection rejection
                ? rejection.reason().wireName() + ": " + rejection.detail()
                : result;
    }

    private void put(ObjectNode event, String field, String value) {
        if (value.isBlank()) {
            return;
        }
        if (field.equals(schema.amountField())) {
            try {
                event.put(field, Double.parseDouble(value.strip()));
                return;
            } catch (NumberFormatException e) {
                // what is no number is the decoder's to refuse
            }
        }
        if (!field.equals(schema.fraudField())) {
            event.put(field, value);
        }
    }

    private String line(CsvRecords.Row row, @Nullable Assessment verdict, @Nullable String error) {
        List<@Nullable Object> values = new ArrayList<>(row.fields());
        while (values.size() < header.size()) {
            values.add(null);
        }
        while (values.size() > header.size()) {
            values.remove(values.size() - 1);
        }
        if (verdict == null) {
            for (int i = 0; i < ADDED.size() - 1; i++) {
                values.add(null);
            }
        } else {
            values.add(verdict.score());
            values.add(verdict.threshold());
            values.add(verdict.anomalous());
            values.add(
                    verdict.severity() == null
                            ? null
                            : verdict.severity().name().toLowerCase(Locale.ROOT));
            values.add(verdict.modelVersion());
            values.add(verdict.anomalous() ? String.join(" | ", verdict.reasons()) : null);
        }
        values.add(error);
        return CsvText.line(values);
    }
}
