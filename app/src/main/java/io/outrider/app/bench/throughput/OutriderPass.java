package io.outrider.app.bench.throughput;

import com.typesafe.config.Config;
import io.outrider.app.bench.world.BenchWorld;
import io.outrider.app.node.OutriderNode;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.ingestion.kafka.KafkaSettings;
import java.io.IOException;
import java.util.Map;

/** A whole node, as {@code local} starts it, from empty: sharded entities, checkpoints, alert index, API. */
final class OutriderPass implements Pass {

    private final BenchWorld world;
    private final Map<String, String> overrides;

    /** @param overrides settings that differ from the defaults */
    OutriderPass(BenchWorld world, Map<String, String> overrides) {
        this.world = world;
        this.overrides = overrides;
    }

    @Override
    public Meter.Measurement run(String name, Load load, long expectedAlerts) throws IOException {
        Config config = world.kafka().config(name, overrides);
        world.kafka().topics(KafkaSettings.from(config));
        try (OutriderNode node = world.node(name, config)) {
            LiveMetrics metrics = node.metrics();
            return load.measure(metrics.events::sum, () -> metrics.alerts.sum() >= expectedAlerts);
        }
    }
}
