package io.outrider.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.pace.Pace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How well a model does on parts of the test slice. */
class SegmentsTest {

    private static final Config BY_DEVICE = ConfigFactory.parseString("""
            outrider.training.run { replicates = 40, segments = [device] }
            """).withFallback(ConfigFactory.load());
    private static final int ACCOUNTS = 10;

    private final List<TestSlice.Row> rows = new ArrayList<>();

    @Test
    void valuesThatANameDoesNotTellApartAreMeasuredAsOne() {
        add("web 1", 40, 0.9);
        add("web.1", 20, 0.1);
        add("pos", 30, 0.9);
        add(null, 5, 0.9);

        Map<String, Double> metrics = measured();

        assertThat(metrics)
                .containsEntry("segment.device.web_1.rows", 60.0)
                .containsEntry("segment.device.web_1.frauds", 30.0)
                .containsEntry("segment.device.pos.rows", 30.0);
        assertThat(metrics.get("segment.device.web_1.recall_at_threshold")).isBetween(0.6, 0.7);
    }

    @Test
    void theMostFrequentAreMeasured() {
        for (int value = 0; value < 8; value++) {
            add("device-" + value, 10 + 2 * value, 0.9);
        }

        assertThat(measured().keySet())
                .anyMatch(name -> name.startsWith("segment.device.device-7."))
                .anyMatch(name -> name.startsWith("segment.device.device-2."))
                .noneMatch(name -> name.startsWith("segment.device.device-1."));
    }

    private Map<String, Double> measured() {
        Map<String, Double> metrics = new TreeMap<>();
        TestReport.segments(metrics, rows, ACCOUNTS, 0.5, RunSettings.from(BY_DEVICE), Pace.FULL);
        return metrics;
    }

    /** Every other one is a fraud. */
    private void add(@Nullable String device, int howMany, double score) {
        for (int i = 0; i < howMany; i++) {
            @Nullable String[] segments = {device};
            rows.add(new TestSlice.Row(0, i % ACCOUNTS, i % 2 == 0, null, new double[] {score}, segments));
        }
    }
}
