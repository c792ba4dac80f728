package io.outrider.app.local;

import io.outrider.ingestion.simulator.Profile;
import java.nio.file.Path;

/**
 * What a person chooses for {@code local}.
 *
 * @param port of the API and console, 0 for any free one
 * @param kafkaPort of the embedded broker, 0 for any free one
 * @param eventsPerSecond of simulated traffic; 0 for as fast as it goes
 * @param simulate whether there is any
 * @param rekey whether to run the re-keying stage, for producers without a key
 */
public record LocalOptions(
        int port,
        int kafkaPort,
        Path dataDir,
        Profile profile,
        double eventsPerSecond,
        boolean simulate,
        boolean rekey) {}
