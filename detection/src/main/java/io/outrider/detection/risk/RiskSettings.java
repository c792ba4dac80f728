package io.outrider.detection.risk;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Merchant risk's settings, under {@code outrider.risk}; each is explained in {@code reference.conf}.
 *
 * @param maturity age at which a transaction without label counts as genuine
 * @param labelInterval least time between two tables when labels have come
 * @param countInterval the same when only counts have
 * @param reportInterval how often the partitions' reports are looked for
 * @param saveInterval how often the book is saved
 * @param takeUpInterval how often a node looks for a new table
 * @param keptTables newest tables that are kept
 * @param keptFor how much older than the newest table one may get before it is deleted
 */
public record RiskSettings(
        Duration maturity,
        Duration labelInterval,
        Duration countInterval,
        Duration reportInterval,
        Duration saveInterval,
        Duration takeUpInterval,
        int maxMerchants,
        int keptTables,
        Duration keptFor) {

    private static final String ROOT = "outrider.risk.";

    public RiskSettings {
        positive("maturity", maturity);
        positive("label-interval", labelInterval);
        positive("count-interval", countInterval);
        positive("report-interval", reportInterval);
        positive("save-interval", saveInterval);
        positive("take-up-interval", takeUpInterval);
        atLeast("max-merchants", maxMerchants, 1);
        atLeast("kept-tables", keptTables, 1);
        if (keptFor.isNegative()) {
            throw new IllegalArgumentException(ROOT + "kept-for must not be negative, is " + keptFor);
        }
    }

    /** Reads the settings; IllegalArgumentException or ConfigException names a bad key. */
    public static RiskSettings from(Config root) {
        Config config = root.getConfig("outrider.risk");
        return new RiskSettings(
                config.getDuration("maturity"),
                config.getDuration("label-interval"),
                config.getDuration("count-interval"),
                config.getDuration("report-interval"),
                config.getDuration("save-interval"),
                config.getDuration("take-up-interval"),
                config.getInt("max-merchants"),
                config.getInt("kept-tables"),
                config.getDuration("kept-for"));
    }

    private static void positive(String key, Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException(ROOT + key + " must be at least 1 ms, is " + value);
        }
    }

    private static void atLeast(String key, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(ROOT + key + " must be at least " + least + ", is " + value);
        }
    }
}
