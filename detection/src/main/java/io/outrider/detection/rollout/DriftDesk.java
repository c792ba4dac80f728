package io.outrider.detection.rollout;

import io.outrider.core.drift.DriftCounts;
import io.outrider.core.drift.DriftDetector;
import io.outrider.core.drift.DriftReport;
import io.outrider.core.drift.DriftWindow;
import io.outrider.core.drift.Period;
import io.outrider.core.drift.Watched;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.Histogram;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.Reference;
import io.outrider.core.port.BlobStore;
import io.outrider.core.rollout.ModelStages;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.PlanFiles;
import io.outrider.lake.model.StageFile;
import io.outrider.lake.rollout.DriftFiles;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Tells whether the traffic of the last day is what it was, from what nodes left in the lake. Calls block. Thread-safe. */
public final class DriftDesk {

    /** Weeks that are looked back. */
    private static final int WEEKS = 4;

    /** The history behind a window that is no whole day. */
    private static final long NOT_WHOLE = -1;

    private static final DriftDetector DETECTOR = new DriftDetector(0.01, 0.02, 0.1, 1_000);

    private final FeaturePlan plan;
    private final PlanFiles plans;
    private final ModelFiles models;
    private final StageFile stages;
    private final DriftFiles files;
    private final @Nullable LabelledPrecision labels;
    private final Clock clock;

    /** @param labels what people said of models; null where that cannot be told */
    public DriftDesk(BlobStore lake, FeaturePlan plan, @Nullable LabelledPrecision labels, Clock clock) {
        this.labels = labels;
        this.plan = plan;
        this.plans = new PlanFiles(lake, plan);
        this.models = new ModelFiles(lake, plan.name());
        this.stages = new StageFile(lake, plan.name());
        this.files = new DriftFiles(lake, plan.name());
        this.clock = clock;
    }

    /** Whether the lake has a model whose reference the traffic could be compared with. */
    boolean hasReference() throws IOException {
        Optional<ModelStages> known = stages.readOrBegin(models, clock);
        return known.isPresent() && models.manifest(known.get().champion()).reference() != null;
    }

    /**
     * The report as of now; IOException also if the champion has no reference. It is of the last 24 hours that are over; until one
     * of them has counts, of the hour that runs, as the first thing that there is to see, and that is compared with no weeks.
     */
    public DriftReport report() throws IOException {
        ModelStages at = stages.readOrBegin(models, clock)
                .orElseThrow(() -> new IOException("the lake has no model of plan " + plan.name()));
        String version = at.champion();
        ModelManifest manifest = models.manifest(version);
        Reference reference = manifest.reference();
        if (reference == null) {
            throw new IOException("model " + version + " was made before models had a reference to compare with");
        }
        long beganMs = at.audit().get(0).at().toEpochMilli();
        DriftWindow today = DriftWindow.lastOf(clock.millis());
        List<String> names = files.names(version);
        DriftCounts none = DriftCounts.none(reference);
        Period window = day(names, today, none, beganMs);
        List<Period> weeks = new ArrayList<>();
        if (window.counts().events() == 0) {
            today = new DriftWindow(today.endHour() + 1);
            window = new Period(day(names, today, none, beganMs).counts(), NOT_WHOLE);
        } else {
            for (int week = 1; week <= WEEKS; week++) {
                Period before = day(names, today.weeksBefore(week), none, beganMs);
                if (before.counts().events() >= DETECTOR.minEvents()) {
                    weeks.add(before);
                }
            }
        }
        Period made = new Period(DriftCounts.of(reference), history(manifest));
        return new DriftReport(
                version,
                today.fromMs(),
                Math.min(today.untilMs(), clock.millis()),
                window.counts().events(),
                DETECTOR.test(Watched.of(plans.load(manifest.planFingerprint())), window, weeks, made),
                overlays(reference, DriftDetector.baseline(weeks, made), window.counts()),
                window.counts().fields(),
                labels == null ? null : labels.change(manifest));
    }

    /** What lay behind the rows of the reference, which are of the newest quarter of the data or newer. */
    private static long history(ModelManifest manifest) {
        ModelManifest.Origin origin = manifest.origin();
        return Duration.between(origin.dataFrom(), origin.dataTo())
                .multipliedBy(3)
                .dividedBy(4)
                .toMillis();
    }

    private static List<DriftReport.Overlay> overlays(Reference reference, DriftCounts before, DriftCounts now) {
        List<Histogram> was = before.histograms(reference);
        List<Histogram> is = now.histograms(reference);
        return IntStream.range(0, was.size())
                .mapToObj(i -> new DriftReport.Overlay(was.get(i), is.get(i)))
                .toList();
    }

    /** Deletes counts of hours that no report looks at any more. */
    void clean() throws IOException {
        files.deleteBefore(
                DriftWindow.lastOf(clock.millis()).weeksBefore(WEEKS + 1).endHour());
    }

    /** History counts from the system's first model on. */
    private Period day(List<String> names, DriftWindow window, DriftCounts none, long beganMs) throws IOException {
        return new Period(files.sum(names, window::has, none), window.fromMs() - beganMs);
    }
}
