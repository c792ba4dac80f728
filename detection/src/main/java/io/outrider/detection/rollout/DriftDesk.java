package io.outrider.detection.rollout;

import io.outrider.core.drift.DriftCounts;
import io.outrider.core.drift.DriftDetector;
import io.outrider.core.drift.DriftReport;
import io.outrider.core.drift.DriftWindow;
import io.outrider.core.drift.FieldDetector;
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

    private static final int WEEK = 7;

    private static final DriftDetector DETECTOR = new DriftDetector(0.01, 0.02, 0.1, 1_000);
    private static final FieldDetector FIELD_DETECTOR = new FieldDetector(1_000);

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
        Optional<ModelStages> known = stages.readOrFirst(models, clock);
        return known.isPresent() && models.manifest(known.get().champion()).reference() != null;
    }

    /**
     * The report as of now; IOException also if the champion has no reference. It is of the last 24 hours that are over; until the
     * champion has counts in one of them, of the hour that runs, as the first thing that there is to see, and that is compared with
     * no weeks.
     */
    public DriftReport report() throws IOException {
        ModelStages at = stages.readOrFirst(models, clock)
                .orElseThrow(() -> new IOException("the lake has no model of plan " + plan.name()));
        String version = at.champion();
        ModelManifest manifest = models.manifest(version);
        Reference reference = manifest.reference();
        if (reference == null) {
            throw new IOException("model " + version + " was made before models had a reference to compare with");
        }
        DriftCounts none = DriftCounts.none(reference);
        DriftDays days =
                new DriftDays(files, version, none, at.audit().get(0).at().toEpochMilli());
        DriftWindow window = DriftWindow.lastOf(clock.millis());
        DriftDays.Day today = days.of(window);
        List<DriftDays.Day> weeks = before(days, window, WEEK, WEEKS);
        List<String> fieldsMoved = fieldsMoved(days, window, today.fields(), weeks);
        boolean begun = today.features().counts().events() > 0;
        if (!begun) {
            window = new DriftWindow(window.endHour() + 1);
            today = days.of(window).part();
        }
        List<Period> usual = weeks.stream()
                .map(week -> begun && week.seen() && week.features().counts().events() >= DETECTOR.minEvents()
                        ? week.features()
                        : new Period(none, 0))
                .toList();
        Period made = new Period(DriftCounts.of(reference), history(manifest));
        List<Watched> watched = Watched.of(plans.load(manifest.planFingerprint()));
        DriftCounts counts = today.features().counts();
        return new DriftReport(
                version,
                window.fromMs(),
                Math.min(window.untilMs(), clock.millis()),
                counts.events(),
                DETECTOR.test(watched, today.features(), usual, made).and(fieldsMoved),
                overlays(reference, DriftDetector.baseline(usual, made), counts),
                today.fields().fields(),
                labels == null ? null : labels.change(manifest));
    }

    /** The fields know no model, so they are compared with days before this champion, too. */
    private static List<String> fieldsMoved(
            DriftDays days, DriftWindow window, DriftCounts today, List<DriftDays.Day> weeks) throws IOException {
        List<DriftCounts> usual = wholeFields(weeks);
        List<DriftCounts> daysBefore =
                usual.size() < DriftDetector.MIN_WEEKS ? wholeFields(before(days, window, 1, WEEK)) : List.of();
        return FIELD_DETECTOR.test(today, usual, daysBefore);
    }

    private static List<DriftCounts> wholeFields(List<DriftDays.Day> days) {
        return days.stream()
                .filter(DriftDays.Day::whole)
                .map(DriftDays.Day::fields)
                .filter(day -> day.events() >= FIELD_DETECTOR.minEvents())
                .toList();
    }

    /** So many days before a window, at a distance of {@code step} days. */
    private static List<DriftDays.Day> before(DriftDays days, DriftWindow window, int step, int many)
            throws IOException {
        List<DriftDays.Day> all = new ArrayList<>();
        for (int i = 1; i <= many; i++) {
            all.add(days.of(window.daysBefore(i * step)));
        }
        return all;
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
        files.deleteBefore(DriftWindow.lastOf(clock.millis())
                .daysBefore((WEEKS + 1) * WEEK)
                .endHour());
    }
}
