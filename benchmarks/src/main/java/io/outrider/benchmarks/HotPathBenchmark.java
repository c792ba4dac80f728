package io.outrider.benchmarks;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.alert.Alert;
import io.outrider.core.model.ContextRef;
import io.outrider.core.decision.DetectionContext;
import io.outrider.core.decision.Detector;
import io.outrider.core.event.DecodeResult;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.feature.FeatureState;
import io.outrider.core.model.Model;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.ingestion.simulator.SimulatedEvent;
import io.outrider.ingestion.simulator.Simulation;
import io.outrider.ingestion.simulator.SimulatorSettings;
import io.outrider.training.first.FirstModel;
import io.outrider.training.fit.Progress;
import io.outrider.training.fit.TrainingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one event costs on its way, step by step: decoding its JSON, computing its features, and the whole verdict
 * (features, score, policy, and an explanation where it is an alert). Two thousand accounts take turns, as a month of
 * simulated traffic has them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgs = {"-XX:+UseParallelGC", "-Xmx2g"})
public class HotPathBenchmark {

    private static final Instant END = Instant.parse("2026-01-31T00:00:00Z");
    private static final Duration LENGTH = Duration.ofDays(30);

    private final FeaturePlan plan = FeaturePlan.named("transactions");
    private final TransactionDecoder decoder = new TransactionDecoder(plan.schema());
    private final Detector detector = new Detector(plan);
    private final List<SimulatedEvent> events = new ArrayList<>();
    private final Map<String, FeatureState> features = new HashMap<>();
    private final Map<String, AccountState> accounts = new HashMap<>();
    private final double[] vector = new double[plan.size()];
    private @Nullable DetectionContext context;
    private int next;

    /** A month of traffic, its model, and every account as that month left it. */
    @Setup
    public void warm() {
        Config config = ConfigFactory.load();
        Iterator<SimulatedEvent> history =
                new Simulation(SimulatorSettings.from(config), plan.schema()).history(LENGTH, END);
        List<Transaction> transactions = new ArrayList<>();
        while (history.hasNext()) {
            SimulatedEvent event = history.next();
            events.add(event);
            transactions.add(event.transaction());
        }
        Model model = new FirstModel(plan, TrainingSettings.read(config), Progress.NONE)
                .fit(
                        new FirstModel.History(
                                transactions.iterator(),
                                END.minus(LENGTH).toEpochMilli(),
                                END.toEpochMilli()),
                        42);
        context = new DetectionContext(new ContextRef(model.manifest().version(), 0), model, MerchantRisk.NONE);
        AccountStateCodec codec = new AccountStateCodec(plan);
        for (Transaction transaction : transactions) {
            features.computeIfAbsent(transaction.account(), account -> plan.newState());
            accounts.computeIfAbsent(transaction.account(), account -> codec.fresh());
        }
    }

    /** JSON bytes to a transaction. */
    @Benchmark
    public DecodeResult decode() {
        SimulatedEvent event = turn();
        return decoder.decode(event.json(), event.timeMs());
    }

    /** A transaction to its feature vector, folded into its account. */
    @Benchmark
    public double[] features() {
        Transaction transaction = turn().transaction();
        plan.apply(features.get(transaction.account()), transaction, MerchantRisk.NONE, vector);
        return vector;
    }

    /** A transaction to its verdict. */
    @Benchmark
    public @Nullable Alert detect() {
        int offset = next;
        Transaction transaction = turn().transaction();
        return detector.detect(
                accounts.get(transaction.account()), transaction, new LogPosition("benchmark", 0, offset), context);
    }

    private SimulatedEvent turn() {
        SimulatedEvent event = events.get(next);
        next = next + 1 == events.size() ? 0 : next + 1;
        return event;
    }
}
