package io.outrider.training.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.feature.Feature;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Lineage;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.ModelRecipe;
import io.outrider.core.model.ModelTrainer;
import io.outrider.core.pace.Pace;
import io.outrider.core.port.BlobStore;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.DatasetPlan;
import io.outrider.training.dataset.DatasetRow;
import io.outrider.training.dataset.DatasetRows;
import io.outrider.training.fit.FittedModel;
import io.outrider.training.fit.ModelFit;
import io.outrider.training.fit.ModelKind;
import io.outrider.training.fit.Progress;
import io.outrider.training.fit.TrainingRows;
import io.outrider.training.fit.TrainingSettings;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One training run: samples a dataset in one pass, fits and calibrates on its older rows, scores the newest in a second pass, and
 * compares. The same dataset, settings and champion give the same model, byte for byte. In memory are the samples ({@code
 * outrider.training.sample}) and the test rows, however long the dataset is; how fast it works changes nothing. For one thread, once.
 */
public final class TrainingRun {

    /** From how many times the alert budget on a test slice's alerts are worth a note. */
    private static final double FAR_OVER_BUDGET = 3;

    private final BlobStore lake;
    private final TrainingRequest request;
    private final Config config;
    private final FeaturePlan plan;
    private final TrainingSettings training;
    private final RunSettings settings;
    private final DatasetRows rows;
    private final Pace pace;
    private final List<String> notes = new ArrayList<>();

    /** @throws IllegalArgumentException if a setting is bad, or neither this program nor the lake has the dataset's plan */
    public TrainingRun(BlobStore lake, TrainingRequest request, Pace pace) throws IOException {
        this.lake = lake;
        this.request = request;
        this.pace = pace;
        String name = request.dataset().origin().plan();
        this.config = ConfigFactory.parseString("outrider.training.plan = \"" + name + "\"")
                .withFallback(request.config());
        this.plan = DatasetPlan.of(lake, request.dataset().origin());
        this.training = TrainingSettings.read(config);
        this.settings = RunSettings.from(config);
        this.rows = new DatasetRows(lake, request.dataset(), plan, request.disk());
    }

    /**
     * Does it.
     *
     * @throws TrainingRefusedException if there can be no model, or it may not be registered
     */
    public TrainedModel run(Progress progress) throws IOException, TrainingRefusedException {
        DatasetManifest dataset = request.dataset();
        if (!dataset.gate().passed()) {
            throw new TrainingRefusedException(dataset.gate().failures().stream()
                    .map(failure -> "the quality gate of " + dataset.dataset() + ":" + dataset.version() + " failed: "
                            + failure)
                    .toList());
        }
        TrainingSamples samples = new TrainingSamples(training, settings);
        Truth truth = Truth.of(lake, dataset, settings.labelDelay(), request.disk());
        DatasetRow.Consumer sampled = row -> {
            samples.add(row, truth.of(row));
            pace.step();
        };
        rows.from("", sampled, done -> progress.at("read", done));
        TrainingSamples.Cut cut = samples.cut();
        refuseIfAny(cut.problems(names(), training.recipe(), notes, pace));
        progress.at("fit", 0);
        FittedModel fitted = fit(cut);
        notes.addAll(fitted.notes());
        List<Scorer> scorers = scorers(fitted.model(), cut);
        progress.at("fit", 1);
        TestSlice test = test(cut.slices(), scorers, truth, progress);
        progress.at("metrics", 0);
        TestReport report = TestReport.of(test, scorers, settings, pace);
        notes.addAll(report.notes());
        noteFarOverBudget(test.alertRate());
        refuseIfAny(report.worseThan());
        return new TrainedModel(
                fitted.model().documented(report.metrics(), lineage()),
                fitted.kind(),
                Instant.ofEpochMilli(cut.slices().fitFromMs()),
                Instant.ofEpochMilli(cut.slices().testFromMs()),
                notes);
    }

    private void noteFarOverBudget(double alertRate) {
        double budget = training.alerts().budget();
        if (alertRate > FAR_OVER_BUDGET * budget) {
            notes.add(String.format(
                    Locale.ROOT,
                    "%.4f of the test slice's rows alert, %.1f times outrider.alert.budget, %s",
                    alertRate,
                    alertRate / budget,
                    budget));
        }
    }

    private static void refuseIfAny(List<String> reasons) throws TrainingRefusedException {
        if (!reasons.isEmpty()) {
            throw new TrainingRefusedException(reasons);
        }
    }

    private List<String> names() {
        return plan.features().stream().map(Feature::name).toList();
    }

    private FittedModel fit(TrainingSamples.Cut cut) throws TrainingRefusedException {
        ModelKind kind = settings.kind();
        TrainingRows fitted = cut.rows(plan.size());
        String lacking = lacking(cut, fitted);
        if (kind == ModelKind.SUPERVISED && !lacking.isEmpty()) {
            throw new TrainingRefusedException(List.of(lacking));
        }
        if (kind == ModelKind.BY_LABELS && !lacking.isEmpty()) {
            kind = ModelKind.FOREST;
            notes.add("fitted without labels: " + lacking);
        }
        return new ModelFit(training, plan, settings.seed(), pace).fit(fitted, kind);
    }

    /** Why no supervised model can be fitted; empty where one can. */
    private String lacking(TrainingSamples.Cut cut, TrainingRows fitted) {
        String known = " among the labels known by "
                + Instant.ofEpochMilli(cut.slices().testFromMs()) + " (label delay " + settings.labelDelay() + "): ";
        int frauds = cut.labelled().frauds().rows().size();
        if (frauds < settings.gate().minFrauds()) {
            return "a supervised model needs " + settings.gate().minFrauds() + " frauds" + known + "there are "
                    + frauds;
        }
        return fitted.serveSupervised()
                ? ""
                : "a supervised model needs frauds and genuine events" + known
                        + "some to fit on, and some in the last quarter of the time to place the threshold on; "
                        + fitted.labelCounts();
    }

    private List<Scorer> scorers(Model model, TrainingSamples.Cut cut) {
        List<Scorer> scorers = new ArrayList<>();
        scorers.add(Scorer.of("model", model));
        ModelRecipe recipe = training.recipe();
        robustZ(recipe).ifPresent(feature -> scorers.add(Scorer.of("robust_z", names().indexOf(feature))));
        if (!recipe.tails().isEmpty()) {
            ModelRecipe tails = new ModelRecipe(
                    recipe.forest(), List.of(), recipe.forestWeight(), recipe.forestBodyShare(), recipe.tails());
            ModelManifest.Plan of = new ModelManifest.Plan(plan.name(), plan.fingerprint(), names());
            FusedScore sum = ModelTrainer.fit(tails, of, cut.matrix(plan.size()), settings.seed(), pace);
            scorers.add(Scorer.of("tail_sum", sum, plan.size()));
        }
        Model champion = request.champion();
        String incomparable = champion == null ? "" : incomparable(champion.manifest(), cut.slices());
        if (champion != null && incomparable.isEmpty()) {
            scorers.add(Scorer.of("champion", champion));
        } else if (champion != null) {
            notes.add("not compared with " + champion.manifest().version() + ": " + incomparable);
        }
        return scorers;
    }

    /** Why a champion can't be compared; empty where it can. */
    private String incomparable(ModelManifest champion, Slices slices) {
        if (!champion.planFingerprint().equals(plan.fingerprint())) {
            return "it is of another plan";
        }
        Instant testFrom = Instant.ofEpochMilli(slices.testFromMs());
        Instant dataTo = champion.origin().dataTo();
        return dataTo.isBefore(testFrom)
                ? ""
                : "it was trained on data up to " + dataTo + ", and the test begins at " + testFrom;
    }

    private static Optional<String> robustZ(ModelRecipe recipe) {
        return recipe.tails().stream()
                .filter(tail -> !tail.lower() && tail.feature().contains("robust_z"))
                .map(ModelRecipe.Tail::feature)
                .findFirst()
                .or(() -> recipe.forestFeatures().stream()
                        .filter(feature -> feature.contains("robust_z"))
                        .findFirst());
    }

    private TestSlice test(Slices slices, List<Scorer> scorers, Truth truth, Progress progress) throws IOException {
        TestSlice test = new TestSlice(settings, truth, Long.MIN_VALUE, scorers);
        String from = LocalDate.ofInstant(Instant.ofEpochMilli(slices.testFromMs()), ZoneOffset.UTC)
                .toString();
        DatasetRow.Consumer take = row -> {
            if (row.eventTimeMs() >= slices.testFromMs()) {
                test.add(row);
            }
            pace.step();
        };
        progress.at("test", 0);
        rows.from(from, take, done -> progress.at("test", done));
        return test;
    }

    private Lineage lineage() {
        Model champion = request.champion();
        return new Lineage(
                named(request.dataset()),
                TrainingParameters.of(config, plan.name()),
                champion == null ? List.of() : List.of(champion.manifest().version()));
    }

    /** A version with all its files, those of labels included. */
    static Lineage.Dataset named(DatasetManifest dataset) {
        List<Lineage.File> files = Stream.concat(dataset.files().stream(), dataset.labels().files().stream())
                .map(file -> new Lineage.File(file.name(), file.rows(), file.sha256()))
                .toList();
        return new Lineage.Dataset(dataset.dataset(), dataset.version(), files);
    }
}
