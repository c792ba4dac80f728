package io.outrider.training.etl;

import com.typesafe.config.Config;
import io.outrider.core.setting.Setting;
import io.outrider.training.dataset.QualityGate;

/**
 * How datasets are made ({@code outrider.etl}).
 *
 * @param container container in the lake
 * @param rowsPerFile rows after which a Parquet file is full
 * @param openDates event dates whose files are open at once, per partition
 * @param parallelism partitions replayed at once
 * @param gate decides whether a dataset may train
 */
public record EtlSettings(String container, long rowsPerFile, int openDates, int parallelism, QualityGate gate) {

    private static final String AT = "outrider.etl.";

    public EtlSettings {
        Setting.require(
                container.matches("[a-z0-9-]{3,63}"),
                AT + "container",
                "must be 3 to 63 of a-z, 0-9 and -: " + container);
        Setting.require(rowsPerFile >= 1, AT + "rows-per-file", "must be at least 1: " + rowsPerFile);
        Setting.require(openDates >= 1, AT + "open-dates", "must be at least 1: " + openDates);
        Setting.require(parallelism >= 1, AT + "parallelism", "must be at least 1: " + parallelism);
    }

    /** Reads {@code outrider.etl} of the whole configuration. */
    public static EtlSettings from(Config root) {
        Config etl = root.getConfig("outrider.etl");
        return new EtlSettings(
                etl.getString("container"),
                etl.getLong("rows-per-file"),
                etl.getInt("open-dates"),
                etl.getInt("parallelism"),
                QualityGate.from(root));
    }

    DatedTables.Limits tableLimits() {
        return new DatedTables.Limits(rowsPerFile, openDates);
    }
}
