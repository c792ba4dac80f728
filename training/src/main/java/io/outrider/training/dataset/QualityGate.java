package io.outrider.training.dataset;

import com.typesafe.config.Config;
import io.outrider.core.setting.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Decides by a quality report whether a dataset may train ({@code outrider.etl.gate}).
 *
 * @param minRows fewest rows
 * @param maxBadShare largest share of the records that may be bad, 0 to 1
 * @param maxLateShare largest share of the rows that may be late, 0 to 1
 * @param maxMissing most records that may be missing
 * @param maxStaleRiskShare largest share of the rows whose merchants' features may not be as they were live, 0 to 1
 */
public record QualityGate(
        long minRows, double maxBadShare, double maxLateShare, long maxMissing, double maxStaleRiskShare) {

    /**
     * What a gate said.
     *
     * @param passed whether the dataset may train
     * @param failures why not, one sentence each
     */
    public record Verdict(boolean passed, List<String> failures) {}

    public QualityGate {
        share("max-bad-share", maxBadShare);
        share("max-late-share", maxLateShare);
        share("max-stale-risk-share", maxStaleRiskShare);
        Setting.require(minRows >= 0, "outrider.etl.gate.min-rows", "must be at least 0: " + minRows);
        Setting.require(maxMissing >= 0, "outrider.etl.gate.max-missing", "must be at least 0: " + maxMissing);
    }

    /** Reads {@code outrider.etl.gate} of the whole configuration. */
    public static QualityGate from(Config root) {
        Config gate = root.getConfig("outrider.etl.gate");
        return new QualityGate(
                gate.getLong("min-rows"),
                gate.getDouble("max-bad-share"),
                gate.getDouble("max-late-share"),
                gate.getLong("max-missing"),
                gate.getDouble("max-stale-risk-share"));
    }

    /** Judges a whole dataset. */
    public Verdict judge(Quality quality) {
        List<String> failures = new ArrayList<>();
        if (quality.rows() < minRows) {
            failures.add("it has " + quality.rows() + " rows, at least " + minRows + " are asked for");
        }
        new Share("bad records", "max-bad-share", maxBadShare).judge(quality.badRecords(), quality.records(), failures);
        new Share("late rows", "max-late-share", maxLateShare).judge(quality.late(), quality.rows(), failures);
        new Share("rows with stale merchant risk", "max-stale-risk-share", maxStaleRiskShare)
                .judge(quality.staleRisk(), quality.rows(), failures);
        if (quality.missing() > maxMissing) {
            failures.add(quality.missing() + " records are missing, at most " + maxMissing + " may be");
        }
        return new Verdict(failures.isEmpty(), failures);
    }

    /** A share that may not be too large, and the setting that says how large. */
    private record Share(String what, String setting, double most) {

        void judge(long count, long of, List<String> failures) {
            if (count > most * of) {
                failures.add(String.format(
                        Locale.ROOT,
                        "%d of %d are %s, at most a share of %s may be (outrider.etl.gate.%s)",
                        count,
                        of,
                        what,
                        most,
                        setting));
            }
        }
    }

    private static void share(String key, double value) {
        Setting.require(value >= 0 && value <= 1, "outrider.etl.gate." + key, "must be from 0 to 1: " + value);
    }
}
