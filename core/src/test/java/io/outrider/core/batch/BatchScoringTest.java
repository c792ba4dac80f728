package io.outrider.core.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.decision.Assessment;
import io.outrider.core.event.EventSchema;
import io.outrider.core.port.WhatIf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tables of all kinds, in one piece and byte by byte. */
class BatchScoringTest {

    private static final WhatIf BY_AMOUNT = transaction -> CompletableFuture.completedFuture(new Assessment(
            transaction.amount() / 1000,
            0.5,
            transaction.amount() > 500,
            null,
            "m1",
            List.of("a, b", "c"),
            0,
            List.of(),
            null));

    @Test
    void recordsAreTheSameHoweverTheBytesArrive() {
        byte[] csv = "\uFEFFa,\"b \"\"x\"\"\nc\",ä\r\n\r\n1,,3\n\"\",2,\n4,5,6".getBytes(StandardCharsets.UTF_8);
        List<List<String>> expected = List.of(
                List.of("a", "b \"x\"\nc", "ä"), List.of("1", "", "3"), List.of("", "2", ""), List.of("4", "5", "6"));
        for (int size = 1; size <= csv.length; size++) {
            CsvRecords records = new CsvRecords();
            List<List<String>> found = new ArrayList<>();
            for (int at = 0; at < csv.length; at += size) {
                byte[] piece = java.util.Arrays.copyOfRange(csv, at, Math.min(csv.length, at + size));
                records.feed(piece).forEach(row -> found.add(row.fields()));
            }
            records.end().forEach(row -> found.add(row.fields()));
            assertThat(found).as("pieces of " + size).isEqualTo(expected);
        }
    }

    @Test
    void aRowThatIsTooLongIsNotKept() {
        CsvRecords records = new CsvRecords();
        List<CsvRecords.Row> rows = new ArrayList<>(records.feed("a,b\n".getBytes(StandardCharsets.UTF_8)));
        for (int i = 0; i < 200; i++) {
            rows.addAll(records.feed("x".repeat(1000).getBytes(StandardCharsets.UTF_8)));
        }
        rows.addAll(records.feed("\nc,d\n".getBytes(StandardCharsets.UTF_8)));

        assertThat(rows).extracting(CsvRecords.Row::oversized).containsExactly(false, true, false);
        assertThat(rows.get(2).fields()).containsExactly("c", "d");
    }

    @Test
    void eachRowIsAnsweredByItsScoreOrItsError() {
        List<String> lines = score("""
                user_id,amount,timestamp,note
                4711,900,2026-03-01T12:00:00Z,=cmd
                4711,much,2026-03-01T12:00:00Z,
                4711,100,2026-03-01T12:00:00Z
                ,100,2026-03-01T12:00:00Z,
                """, Map.of());

        assertThat(lines.get(0))
                .isEqualTo(
                        "user_id,amount,timestamp,note,score,threshold,anomalous,severity,model_version,reasons,error");
        assertThat(lines.get(1)).isEqualTo("4711,900,2026-03-01T12:00:00Z,'=cmd,0.9,0.5,true,,m1,\"a, b | c\",");
        assertThat(lines.get(2)).contains("wrong-type: amount is not a number");
        assertThat(lines.get(3)).contains("the row has 3 fields, the header 4");
        assertThat(lines.get(4)).contains("missing-field: ");
    }

    @Test
    void columnsMayHaveOtherNames() {
        List<String> lines = score(
                "Konto,Betrag,amount,timestamp\n4711,900,1,2026-03-01T12:00:00Z\n",
                Map.of("user_id", "Konto", "amount", "Betrag"));

        assertThat(lines.get(1)).contains(",0.9,0.5,true");
        assertThatThrownBy(() -> score("user_id,timestamp\n", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("amount");
        assertThatThrownBy(() -> score("user_id,amount,timestamp\n", Map.of("amount", "Betrag")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Betrag");
        assertThatThrownBy(() -> score("user_id,amount,timestamp,Shop\n", Map.of("merchant", "Shop")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no field merchant")
                .hasMessageContaining("merchant_id");
    }

    @Test
    void aRowThatIsNotUtf8IsAnErrorRatherThanAnotherAccounts() {
        String table = "user_id,amount,timestamp\nM\u00fcller,900,2026-03-01T12:00:00Z\n";

        assertThat(score(table.getBytes(StandardCharsets.UTF_8), Map.of()).get(1))
                .contains("true");
        assertThat(score(table.getBytes(StandardCharsets.ISO_8859_1), Map.of()).get(1))
                .endsWith("wrong-value: the row is not UTF-8");
    }

    private static List<String> score(String csv, Map<String, String> mapping) {
        return score(csv.getBytes(StandardCharsets.UTF_8), mapping);
    }

    private static List<String> score(byte[] csv, Map<String, String> mapping) {
        CsvRecords records = new CsvRecords();
        List<CsvRecords.Row> rows = new ArrayList<>(records.feed(csv));
        rows.addAll(records.end());
        BatchScoring scoring =
                BatchScoring.of(BY_AMOUNT, EventSchema.TRANSACTIONS, rows.get(0).fields(), mapping);
        List<String> lines = new ArrayList<>(List.of(scoring.headerLine().strip()));
        rows.stream()
                .skip(1)
                .forEach(row -> lines.add(
                        scoring.score(row).toCompletableFuture().join().strip()));
        return lines;
    }
}
