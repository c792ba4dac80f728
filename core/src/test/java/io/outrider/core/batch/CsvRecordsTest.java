package io.outrider.core.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvRecordsTest {

    @Test
    void fieldsInQuotesMayHaveAnythingInThem() {
        assertThat(rows("\uFEFFa,\"b,\"\"c\"\"\n\",d\r\n\r\n,\n"))
                .extracting(CsvRecords.Row::fields)
                .containsExactly(List.of("a", "b,\"c\"\n", "d"), List.of("", ""));
    }

    @Test
    void aRecordThatIsTooLongIsMarkedWhateverItIsMadeOfAndThoseBehindItAreRead() {
        for (String filler : List.of(",", "x", "\"\",", "é,")) {
            List<CsvRecords.Row> rows = rows("a,b\n" + filler.repeat(1_000_000) + "\nc,d\n");
            assertThat(rows).hasSize(3);
            assertThat(rows.get(1)).isEqualTo(new CsvRecords.Row(2, List.of(""), true));
            assertThat(rows.get(2)).isEqualTo(new CsvRecords.Row(3, List.of("c", "d"), false));
        }
    }

    @Test
    void ofARecordThatNeverEndsNoMoreIsKeptThanOneMayHave() {
        CsvRecords records = new CsvRecords();
        byte[] commas = ",".repeat(CsvRecords.MAX_BYTES).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 1_000; i++) {
            assertThat(records.feed(commas)).isEmpty();
            assertThat(records.kept()).isLessThanOrEqualTo(CsvRecords.MAX_BYTES);
        }
        assertThat(records.end()).singleElement().matches(CsvRecords.Row::oversized);
    }

    private static List<CsvRecords.Row> rows(String text) {
        CsvRecords records = new CsvRecords();
        List<CsvRecords.Row> rows = new ArrayList<>(records.feed(text.getBytes(StandardCharsets.UTF_8)));
        rows.addAll(records.end());
        return rows;
    }
}
