package io.outrider.core.feature;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import io.outrider.core.encoding.StateWriter;
import io.outrider.core.event.EventSchema;
import io.outrider.core.event.Transaction;
import io.outrider.core.risk.MerchantRisk;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Turns (account state, event) into a feature vector and the next state: the one implementation of features, for live
 * detection, batch, backtest and what-if. A plan is data: which windows, how much memory, which {@link FeatureKind}s
 * in which order. Immutable and shared between threads.
 *
 * <p>Time is event time. Windows end at the account's newest event; an event that comes late but inside a window
 * lands in its bucket, one older than every window is scored and counted and leaves rolling state alone. Features see
 * the past only; where a plan says {@code current} they count the event itself too. What cannot be known is NaN, and
 * no value is infinite.
 */
public final class FeaturePlan {

    /**
     * Raised whenever any feature or the state's fold computes something else for the same plan and events; golden
     * vectors hold it. Part of the fingerprint, so that no state or model outlives the code it was made by.
     */
    static final int SEMANTICS_VERSION = 1;

    /** Names of the plans that are built in. */
    public static final List<String> BUILT_IN = List.of("network-access", "sensor", "transactions");

    private static final int STATE_FINGERPRINT_BYTES = 8;

    private final PlanSettings settings;
    private final String source;
    private final FeatureSpec[] specs;
    private final List<Feature> features;
    private final String fingerprint;
    private final FeatureStateCodec codec;
    private final boolean needsRisk;

    private FeaturePlan(PlanSettings settings, String source) {
        this.settings = settings;
        this.source = source;
        this.specs = settings.features().toArray(FeatureSpec[]::new);
        this.features = settings.features().stream().map(FeatureSpec::feature).toList();
        this.needsRisk = Arrays.stream(specs).anyMatch(spec -> spec.kind().needsRisk());
        byte[] hash = sha256("semantics " + SEMANTICS_VERSION + "\n" + PlanReader.canonical(settings));
        this.fingerprint = HexFormat.of().formatHex(hash, 0, 16);
        this.codec = new FeatureStateCodec(settings, Arrays.copyOf(hash, STATE_FINGERPRINT_BYTES));
    }

    /** Compiles a plan from its HOCON; throws ConfigException naming the bad key. */
    public static FeaturePlan compile(Config plan) {
        return new FeaturePlan(PlanReader.read(plan), plan.root().render(ConfigRenderOptions.concise()));
    }

    /** Compiles a plan from what {@link #source} gave; throws ConfigException as {@link #compile} does. */
    public static FeaturePlan parse(String source) {
        return compile(ConfigFactory.parseString(source).resolve());
    }

    /** A plan that is built in, under {@code plans/<name>.conf}; IllegalArgumentException if there is none of this name. */
    public static FeaturePlan named(String name) {
        if (!BUILT_IN.contains(name)) {
            throw new IllegalArgumentException(
                    "no feature plan is named '" + name + "', there are " + String.join(", ", BUILT_IN));
        }
        String resource = "plans/" + name + ".conf";
        var options = ConfigParseOptions.defaults().setAllowMissing(false);
        return compile(ConfigFactory.parseResources(FeaturePlan.class.getClassLoader(), resource, options)
                .resolve());
    }

    public String name() {
        return settings.name();
    }

    /** The plan as HOCON (JSON, in one line), words and all: what {@link #parse} compiles to the same plan. */
    public String source() {
        return source;
    }

    /**
     * Identifies semantics and order of features and state, as 32 hexadecimal digits; checkpoints and models carry
     * it. Words and units are not part of it.
     */
    public String fingerprint() {
        return fingerprint;
    }

    /** How reasons call the plan's accounts and amounts. */
    public Words words() {
        return settings.words();
    }

    public EventSchema schema() {
        return settings.schema();
    }

    /** What stands where in a vector. */
    public List<Feature> features() {
        return features;
    }

    /** What a feature computes, whatever the plan calls it. */
    public FeatureKind kind(int column) {
        return specs[column].kind();
    }

    /** Whether a feature measures an account by the population too, and not by its own past alone. */
    public boolean isShrunk(int column) {
        return specs[column].shrunk() && specs[column].kind().canBeShrunk();
    }

    /** Whether a feature counts something: its values are whole numbers, from {@link #leastCount} on. */
    public boolean isCount(int column) {
        return specs[column].kind().isCount();
    }

    /** The least that a feature that counts can be: 1 where the event itself counts, else 0. */
    public int leastCount(int column) {
        return specs[column].countsItself() ? 1 : 0;
    }

    /** Names of the features that merchant risk gives: they depend on the table in force, too. */
    public List<String> riskFeatures() {
        return Arrays.stream(specs)
                .filter(spec -> spec.kind().needsRisk())
                .map(spec -> spec.feature().name())
                .toList();
    }

    /** Length of a feature vector. */
    public int size() {
        return specs.length;
    }

    /** The state of an account without events. */
    public FeatureState newState() {
        return new FeatureState(settings);
    }

    /**
     * Computes the event's feature vector into {@code vector} and folds the event into the state. About a
     * microsecond; allocates only what the risk table answers and what a young account grows by.
     */
    public void apply(FeatureState state, Transaction event, MerchantRisk risk, double[] vector) {
        long nowMs = state.nowMs(event.eventTimeMs());
        long previousMs = state.events == 0 ? nowMs : state.newestMs;
        state.windows.advance(previousMs, nowMs);
        state.surges.advance(previousMs, nowMs);
        state.median = state.amounts.median();
        state.deviation = state.amounts.medianAbsoluteDeviation(state.median);
        Known known = known(event, risk);
        for (int i = 0; i < specs.length; i++) {
            FeatureSpec spec = specs[i];
            double value = spec.kind().compute(spec, state, event, known);
            vector[i] = Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
        }
        fold(state, event, nowMs);
    }

    private Known known(Transaction event, MerchantRisk risk) {
        if (!needsRisk || risk == MerchantRisk.NONE) {
            return Known.NOTHING;
        }
        return new Known(
                risk.at(event.merchant(), event.eventTimeMs()), risk.account(event.account(), event.eventTimeMs()));
    }

    private static void fold(FeatureState state, Transaction event, long nowMs) {
        long timeMs = event.eventTimeMs();
        double amount = FeatureState.bounded(event.amount());
        state.firstEventTimeMs = state.events == 0 ? timeMs : Math.min(state.firstEventTimeMs, timeMs);
        state.newestMs = nowMs;
        state.events++;
        state.addToTotal(event.amount());
        state.ids.use(event.transactionId(), timeMs);
        if (!state.windows.add(timeMs, amount)) {
            state.late++;
            return;
        }
        if (AmountFormulas.isSurge(state, amount) && state.surges.add(timeMs, 0)) {
            state.lastSurgeMs = Math.max(state.lastSurgeMs, timeMs);
        }
        state.amounts.add(amount);
        if (event.merchant() != null) {
            state.merchants.use(event.merchant(), timeMs);
        }
        if (event.device() != null) {
            state.deviceSwitches = NameFormulas.switchesWith(state, event.device());
            state.devices.use(event.device(), timeMs);
        }
        if (event.network() != null) {
            state.networks.use(event.network(), timeMs);
        }
    }

    /** Canonical bytes of a state: equal states give equal bytes. At most 2 KiB with the default plan. */
    public byte[] encode(FeatureState state) {
        return codec.encode(state);
    }

    /** Writes the bytes that {@link #encode} gives. */
    public void write(FeatureState state, StateWriter out) {
        codec.write(state, out);
    }

    /** Inverse of {@link #encode}; throws IllegalArgumentException on another version, plan or damaged bytes. */
    public FeatureState decode(byte[] bytes) {
        return codec.decode(bytes);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
