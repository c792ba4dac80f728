package io.outrider.detection.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** For tests in which partitions fail by the thousand: they do not tell of it. */
final class Unlogged implements BeforeAllCallback, AfterAllCallback {

    private static final Logger PARTITIONS = (Logger) LoggerFactory.getLogger("io.outrider.detection.entity");

    @Override
    public void beforeAll(ExtensionContext context) {
        PARTITIONS.setLevel(Level.OFF);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        PARTITIONS.setLevel(null);
    }
}
