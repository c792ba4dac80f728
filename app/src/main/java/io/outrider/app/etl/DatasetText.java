package io.outrider.app.etl;

import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.Quality;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Datasets in words and in JSON. */
final class DatasetText {

    private DatasetText() {}

    /** The manifest. */
    static String json(DatasetManifest version) {
        return new String(version.toJson(), StandardCharsets.UTF_8);
    }

    /** What a version is and what it added. */
    static String report(DatasetManifest version) {
        Quality added = version.added();
        Quality total = version.total();
        StringBuilder text = new StringBuilder();
        line(text, "dataset %s, version %d", version.dataset(), version.version());
        line(text, "rows       %,d (%,d new)", total.rows(), added.rows());
        line(
                text,
                "files      %,d Parquet, from %,d new Capture files",
                version.files().size(),
                version.captured().size());
        line(text, "bad        %,d (%,d new) %s", total.badRecords(), added.badRecords(), total.bad());
        line(text, "repeated   %,d, missing %,d, late %,d", total.repeated(), total.missing(), total.late());
        line(
                text,
                "labels     %,d; merchants' features go by: %s%s",
                version.labels().count(),
                version.origin().risk(),
                total.staleRisk() == 0 ? "" : String.format(Locale.ROOT, " (stale in %,d rows)", total.staleRisk()));
        text.append("gate       ")
                .append(
                        version.gate().passed()
                                ? "passed"
                                : "FAILED: " + String.join("; ", version.gate().failures()));
        return text.toString();
    }

    /** One line for a list. */
    static String line(DatasetManifest version) {
        return String.format(
                Locale.ROOT,
                "%s %d  %s  %,d rows  %,d files  plan %s  gate %s",
                version.dataset(),
                version.version(),
                version.createdAt(),
                version.total().rows(),
                version.files().size(),
                version.origin().plan(),
                version.gate().passed() ? "passed" : "failed");
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
