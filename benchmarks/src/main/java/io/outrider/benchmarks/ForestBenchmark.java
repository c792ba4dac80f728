package io.outrider.benchmarks;

import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
import io.outrider.core.decision.DetectionContext;
import io.outrider.core.decision.Detector;
import io.outrider.core.event.LogPosition;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.model.Values;
import io.outrider.ingestion.simulator.SimulatedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a model of 100 trees costs: a score, and what an alert needs beside it, by the forest's sample size. Vectors are
 * those of a simulated stream, for all but scores only of its alerts.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"-XX:+UseParallelGC", "-Xms2g", "-Xmx2g"})
public class ForestBenchmark {

    @Param({"256", "2048", "4096"})
    int sampleSize;

    /** Length of the stream. */
    @Param("200000")
    int length;

    private final FeaturePlan plan = SimulatedStream.PLAN;
    private final Detector detector = new Detector(plan);
    private final float[] scratch = FusedScore.scratch(plan.size());
    private final List<double[]> vectors = new ArrayList<>();
    private final List<double[]> anomalies = new ArrayList<>();
    private final List<Alert> alerts = new ArrayList<>();
    private final AccountState empty = new AccountStateCodec(plan).fresh();
    private @Nullable DetectionContext context;
    private int[] columns = {};
    private int next;

    /** A stream of 2,000 accounts, its model and its alerts. */
    @Setup
    public void detectAll() {
        List<SimulatedEvent> events = SimulatedStream.events(2000, length);
        DetectionContext fitted = SimulatedStream.context(events, sampleSize);
        Map<String, AccountState> states = new HashMap<>();
        AccountStateCodec codec = new AccountStateCodec(plan);
        for (SimulatedEvent event : events) {
            AccountState state = states.computeIfAbsent(event.account(), account -> codec.fresh());
            double[] vector = new double[plan.size()];
            plan.apply(state.features().copy(), event.transaction(), fitted.risk(), vector);
            Alert alert = detector.detect(state, event.transaction(), new LogPosition("benchmark", 0, next++), fitted);
            vectors.add(vector);
            if (alert != null) {
                alerts.add(alert);
                anomalies.add(vector);
            }
        }
        columns = fitted.model().fused().ensembles().get(0).columns();
        context = fitted;
    }

    /** The raw score of a vector. */
    @Benchmark
    public double score() {
        return model().raw(turn(vectors), scratch);
    }

    /** Attribution of an alert's score to the features. */
    @Benchmark
    public double attribution() {
        return model().explain(turn(anomalies)).score();
    }

    /** The smallest change to one of the forest's features that would have prevented an alert. */
    @Benchmark
    public Model.@Nullable Change smallestChange() {
        return model().smallestChange(turn(anomalies), column -> Values.ANY, columns);
    }

    /** A whole verdict with reasons, attribution and smallest change, on an account without history. */
    @Benchmark
    public Object explainedVerdict() {
        return detector.assess(empty, turn(alerts).transaction(), Objects.requireNonNull(context));
    }

    /** An alert to its JSON. */
    @Benchmark
    public byte[] encodeAlert() {
        return AlertCodec.encode(turn(alerts));
    }

    private Model model() {
        return Objects.requireNonNull(context).model();
    }

    private <T> T turn(List<T> all) {
        next = next + 1 < all.size() ? next + 1 : 0;
        return all.get(next);
    }
}
