package io.outrider.training.backtest;

import io.outrider.core.backtest.BacktestResult;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.Model;
import io.outrider.core.pace.Pace;
import io.outrider.core.port.BlobStore;
import io.outrider.training.dataset.DatasetPlan;
import io.outrider.training.dataset.DatasetRow;
import io.outrider.training.dataset.DatasetRows;
import io.outrider.training.fit.Progress;
import io.outrider.training.run.ModelTest;
import io.outrider.training.run.RunSettings;
import io.outrider.training.run.Truth;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Scores a stretch of a dataset with a model, as live detection would have scored it: the dataset's vectors are the live ones, and the
 * model, its threshold, its calibration and what joins alerts to episodes are the same classes. One pass; memory grows with the accounts
 * that alert, not with the stretch. For one thread, once; others score for it.
 */
public final class Backtest {

    private static final long DAY_MS = 86_400_000;

    private final BacktestRequest request;
    private final DatasetRows rows;
    private final ModelTest test;
    private final int threads;
    private final Pace pace;
    private final @Nullable Model against;
    private final Episodes episodes;
    private final @Nullable Episodes againstEpisodes;
    private final Map<Long, long[]> days = new TreeMap<>();
    private final List<BacktestResult.Changed> appear = new ArrayList<>();
    private final List<BacktestResult.Changed> vanish = new ArrayList<>();
    private long appeared;
    private long vanished;

    /**
     * At a pace: one that rests keeps it to its caller's thread.
     *
     * @throws IllegalArgumentException if a model is of another plan than the dataset, that is not known, or a setting is bad
     */
    public Backtest(BlobStore lake, BacktestRequest request, Pace pace) throws IOException {
        FeaturePlan plan = DatasetPlan.of(lake, request.dataset().origin());
        this.request = request;
        this.pace = pace;
        this.against = request.against();
        this.episodes = new Episodes(request.model());
        this.againstEpisodes = against == null ? null : new Episodes(against);
        Set<String> features = new TreeSet<>(inputs(request.model()));
        if (against != null) {
            features.addAll(inputs(against));
        }
        this.rows = new DatasetRows(lake, request.dataset(), plan, request.disk(), features::contains);
        requirePlan(request.model(), plan);
        if (against != null) {
            requirePlan(against, plan);
        }
        this.threads = request.config().getInt("outrider.training.backtest.threads");
        if (threads < 1) {
            throw new IllegalArgumentException("outrider.training.backtest.threads must be at least 1: " + threads);
        }
        RunSettings settings = RunSettings.from(request.config());
        this.test = new ModelTest(
                settings,
                Truth.of(lake, request.dataset(), settings.labelDelay(), request.disk()),
                request.model(),
                against);
    }

    /** The features that a model looks at. */
    private static Set<String> inputs(Model model) {
        Set<String> inputs = new TreeSet<>();
        model.manifest().ensembles().forEach(ensemble -> inputs.addAll(ensemble.features()));
        model.manifest().evidence().forEach(piece -> inputs.add(piece.feature()));
        return inputs;
    }

    private static void requirePlan(Model model, FeaturePlan plan) {
        if (!model.manifest().planFingerprint().equals(plan.fingerprint())) {
            throw new IllegalArgumentException("model " + model.manifest().version() + " is for plan "
                    + model.manifest().planFingerprint() + ", the dataset has the features of " + plan.fingerprint());
        }
    }

    /**
     * Does it.
     *
     * @throws IllegalArgumentException if the stretch holds no event
     */
    public BacktestResult run(Progress progress) throws IOException {
        long started = System.nanoTime();
        LocalDate from = request.from();
        LocalDate to = request.to();
        rows.scored(
                from == null ? "" : from.toString(),
                to == null ? "9999-12-31" : to.toString(),
                test::scores,
                pace.isFull() ? threads : 0,
                this::add,
                done -> progress.at("backtest", done));
        double seconds = (System.nanoTime() - started) / 1e9;
        List<BacktestResult.Day> all = new ArrayList<>();
        days.forEach((day, counts) -> all.add(new BacktestResult.Day(
                LocalDate.ofEpochDay(day).toString(), counts[0], counts[1], counts[2], counts[3], counts[4])));
        if (all.isEmpty()) {
            throw new IllegalArgumentException("dataset " + request.dataset().dataset() + ":"
                    + request.dataset().version() + " has no event from "
                    + (from == null ? "its first day" : from) + " to " + (to == null ? "its last" : to));
        }
        long events = all.stream().mapToLong(BacktestResult.Day::events).sum();
        ModelTest.Report report = test.report(pace);
        List<BacktestResult.Day> whole = DayCounts.whole(all, request.dataset());
        List<String> notes = new ArrayList<>(report.notes());
        String counted = DayCounts.note(all, request.dataset());
        if (!counted.isEmpty()) {
            notes.add(counted);
        }
        if (all.size() == 1) {
            notes.add(
                    "one day says nothing of how days differ: the intervals for a day to come are those of a Poisson count");
        }
        return new BacktestResult(
                request.model().manifest().version(),
                against == null ? "" : against.manifest().version(),
                events,
                all,
                DayCounts.alerts(whole),
                DayCounts.episodes(whole),
                DayCounts.rate(whole),
                report.metrics(),
                new BacktestResult.Changes(appeared, appear),
                new BacktestResult.Changes(vanished, vanish),
                notes,
                seconds,
                events / Math.max(seconds, 1e-9));
    }

    private void add(DatasetRow row, double[] raw) {
        pace.step();
        test.add(row, raw);
        boolean alert = request.model().isAnomalous(raw[0]);
        boolean other = against != null && against.isAnomalous(raw[1]);
        long[] counts = days.computeIfAbsent(Math.floorDiv(row.eventTimeMs(), DAY_MS), day -> new long[5]);
        counts[0]++;
        counts[1] += alert ? 1 : 0;
        counts[2] += other ? 1 : 0;
        counts[3] += alert && episodes.opens(row) ? 1 : 0;
        counts[4] += other && againstEpisodes != null && againstEpisodes.opens(row) ? 1 : 0;
        if (against != null && alert != other) {
            appeared += alert ? 1 : 0;
            vanished += alert ? 0 : 1;
            List<BacktestResult.Changed> changes = alert ? appear : vanish;
            if (changes.size() < BacktestResult.Changes.MOST) {
                changes.add(changed(row, raw, against));
            }
        }
    }

    private BacktestResult.Changed changed(DatasetRow row, double[] raw, Model other) {
        String id = row.text("transaction_id");
        return new BacktestResult.Changed(
                id == null ? "" : id,
                row.account(),
                Instant.ofEpochMilli(row.eventTimeMs()).toString(),
                row.number("amount"),
                request.model().score(raw[0]),
                other.score(raw[1]));
    }
}
