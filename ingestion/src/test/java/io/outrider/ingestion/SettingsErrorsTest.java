package io.outrider.ingestion;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.rekey.ReKeySettings;
import io.outrider.ingestion.simulator.SimulatorSettings;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A value that cannot be is refused, by its key and as it was read. */
class SettingsErrorsTest {

    @ParameterizedTest
    @CsvSource({
        "kafka.consumer.poll-interval, 0 ms, PT0S",
        "kafka.consumer.poll-timeout, -2 ms, PT-0.002S",
        "kafka.consumer.fetch-max-wait, 0 ms, PT0S",
        "kafka.consumer.gather-time, -1 ms, PT-0.001S",
        "kafka.consumer.gather-time, 101 ms, PT0.101S",
        "kafka.consumer.max-poll-records, 0, 0",
        "kafka.consumer.max-gathered-events, -1, -1",
        "kafka.consumer.session-timeout, 5 s, PT5S",
        "kafka.consumer.revoke-grace, -1 s, PT-1S",
        "kafka.consumer.commit-interval, 249 ms, PT0.249S",
        "kafka.consumer.restart-min, 0 ms, PT0S",
        "kafka.consumer.restart-max, 1 ms, PT0.001S",
        "kafka.topics.partitions, 0, 0",
        "kafka.topics.side-partitions, -3, -3",
        "kafka.topics.replication-factor, 40000, 40000",
        "kafka.topics.retention, 0 s, PT0S",
        "rekey.commit-interval, 249 ms, PT0.249S",
        "rekey.settle, -1 s, PT-1S",
        "simulator.accounts, 0, 0",
        "simulator.merchants, -1, -1",
        "simulator.events-per-day, 10001, 10001.0",
        "simulator.anomaly-share, 0.6, 0.6",
        "simulator.label-delay, 61 days, PT1464H",
    })
    void namesKeyAndValue(String key, String value, String told) {
        Config config = ConfigFactory.parseMap(Map.of("outrider." + key, value))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();

        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> read(config));

        assertTrue(
                refused.getMessage().startsWith("outrider." + key + ": ")
                        && refused.getMessage().endsWith(": " + told),
                refused::getMessage);
    }

    private void read(Config config) {
        KafkaSettings.from(config);
        ReKeySettings.from(config);
        SimulatorSettings.from(config);
    }
}
