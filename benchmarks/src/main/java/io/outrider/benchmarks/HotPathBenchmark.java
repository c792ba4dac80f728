package io.outrider.benchmarks;

import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.alert.Alert;
import io.outrider.core.decision.DetectionContext;
import io.outrider.core.decision.Detector;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.ingestion.simulator.SimulatedEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What one event costs on its way, step by step: decoding its JSON, folding it into its account, the whole verdict
 * (features, score, policy, and the alert where it is one), and an account's snapshot for a checkpoint and back. Each
 * invocation takes the same stretch of a simulated stream, with every account as the stream before left it; an account's
 * next event comes many others later, so its state is rarely in a near cache, as it is live.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"-XX:+UseParallelGC", "-Xms2g", "-Xmx2g"})
public class HotPathBenchmark {

    private static final int EVENTS = 20_000;

    @Param({"5000", "100000"})
    int accounts;

    /** Events before the stretch. */
    @Param("250000")
    int warming;

    private final FeaturePlan plan = SimulatedStream.PLAN;
    private final AccountStateCodec codec = new AccountStateCodec(plan);
    private final TransactionDecoder decoder = new TransactionDecoder(plan.schema());
    private final Detector detector = new Detector(plan);
    private final double[] vector = new double[plan.size()];
    private final byte[][] json = new byte[EVENTS][];
    private final Transaction[] transactions = new Transaction[EVENTS];
    private final String[] names = new String[EVENTS];
    private final byte[][] snapshots = new byte[EVENTS][]; // of each event's account before the stretch
    private final AccountState[] states = new AccountState[EVENTS];
    private @Nullable DetectionContext context;

    /** Folds the stream up to the stretch. */
    @Setup(Level.Trial)
    public void warm() {
        List<SimulatedEvent> events = SimulatedStream.events(accounts, warming + EVENTS);
        int first = events.size() - EVENTS;
        context = SimulatedStream.context(events, 2048);
        Map<String, AccountState> all = new LinkedHashMap<>();
        for (SimulatedEvent event : events.subList(0, first)) {
            detector.detect(
                    all.computeIfAbsent(event.account(), account -> codec.fresh()),
                    event.transaction(),
                    new LogPosition("benchmark", 0, 0),
                    Objects.requireNonNull(context));
        }
        for (int i = 0; i < EVENTS; i++) {
            SimulatedEvent event = events.get(first + i);
            json[i] = event.json();
            transactions[i] = event.transaction();
            names[i] = event.account();
            snapshots[i] = codec.encode(all.computeIfAbsent(event.account(), account -> codec.fresh()));
        }
        long bytes = 0;
        for (byte[] snapshot : snapshots) {
            bytes += snapshot.length;
        }
        System.out.println("# snapshots of " + all.size() + " accounts, bytes of an active one: " + bytes / EVENTS);
    }

    /** Every account as it was before the stretch. */
    @Setup(Level.Invocation)
    public void restore() {
        Map<String, AccountState> fresh = new LinkedHashMap<>();
        for (int i = 0; i < EVENTS; i++) {
            byte[] snapshot = snapshots[i];
            states[i] = fresh.computeIfAbsent(names[i], account -> codec.decode(snapshot));
        }
    }

    /** JSON bytes to a transaction. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void decode(Blackhole into) {
        for (int i = 0; i < EVENTS; i++) {
            into.consume(decoder.decode(json[i], transactions[i].eventTimeMs()));
        }
    }

    /** A transaction to its feature vector, folded into its account. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public double fold() {
        double sum = 0;
        for (int i = 0; i < EVENTS; i++) {
            plan.apply(states[i].features(), transactions[i], MerchantRisk.NONE, vector);
            sum += vector[0];
        }
        return sum;
    }

    /** A transaction to its verdict; one in a hundred is an alert. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void detect(Blackhole into) {
        DetectionContext known = Objects.requireNonNull(context);
        for (int i = 0; i < EVENTS; i++) {
            Alert alert = detector.detect(states[i], transactions[i], new LogPosition("benchmark", 0, i), known);
            into.consume(alert == null);
        }
    }

    /** An account's state to its snapshot. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void encodeState(Blackhole into) {
        for (AccountState state : states) {
            into.consume(codec.encode(state));
        }
    }

    /** A snapshot to an account's state. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void decodeState(Blackhole into) {
        for (byte[] snapshot : snapshots) {
            into.consume(codec.decode(snapshot));
        }
    }
}
