package io.outrider.training.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.lake.blob.FolderBlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetReportsTest {

    @Test
    void theNewestReportsAreKeptByTheNumberOfTheirRun(@TempDir Path folder) throws IOException {
        DatasetReports reports = new DatasetReports(new FolderBlobStore(folder));
        for (int run = 8; run <= 11; run++) {
            reports.put("backtest-" + run, ("{\"run\":" + run + "}").getBytes(StandardCharsets.UTF_8), 2);
        }

        assertThat(reports.get("backtest-8")).isEmpty();
        assertThat(reports.get("backtest-9")).isEmpty();
        assertThat(reports.get("backtest-10")).isPresent();
        assertThat(reports.get("backtest-11"))
                .hasValueSatisfying(report ->
                        assertThat(new String(report, StandardCharsets.UTF_8)).isEqualTo("{\"run\":11}"));
        reports.delete("backtest-11");
        assertThat(reports.get("backtest-11")).isEmpty();
    }
}
