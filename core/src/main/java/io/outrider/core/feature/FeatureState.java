package io.outrider.core.feature;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An account's rolling state, a pure fold of its events in log order. Only a {@link FeaturePlan} changes it. Bounded
 * however many events an account has: about 2.5 KB in memory with the default plan, at most 2 KiB encoded. Belongs to
 * one thread.
 */
public final class FeatureState {

    private static final long DAY_MS = 86_400_000;

    /** Amounts beyond this are counted as this in rolling state, so that squares and sums stay finite. */
    private static final double LARGEST = 1e150;

    static final long NEVER = Long.MIN_VALUE;

    final PlanSettings plan;
    final WindowRings windows;
    final WindowRings surges;
    final AmountMemory amounts;
    final NameMemory merchants;
    final NameMemory devices;
    final NameMemory networks;
    final NameMemory ids;
    /** Whether the device differed from the one before, newest event in the lowest bit. */
    long deviceSwitches;
    /** Event time of the newest surge, or {@link #NEVER}. */
    long lastSurgeMs = NEVER;

    long events;
    long late;
    long firstEventTimeMs;
    long newestMs;
    double sum;
    double compensation;

    /** Median of the last amounts before the event in hand; scratch, not state. */
    double median = Double.NaN;
    /** Median absolute deviation of the same; scratch, not state. */
    double deviation = Double.NaN;

    FeatureState(PlanSettings plan) {
        this.plan = plan;
        windows = new WindowRings(plan.windows());
        surges = new WindowRings(plan.surge().windows());
        amounts = new AmountMemory(plan.amounts(), plan.horizon());
        merchants = new NameMemory(plan.merchants());
        devices = new NameMemory(plan.devices());
        networks = new NameMemory(plan.networks());
        ids = new NameMemory(plan.ids());
    }

    private FeatureState(FeatureState other) {
        plan = other.plan;
        windows = other.windows.copy();
        surges = other.surges.copy();
        amounts = other.amounts.copy();
        merchants = other.merchants.copy();
        devices = other.devices.copy();
        networks = other.networks.copy();
        ids = other.ids.copy();
        deviceSwitches = other.deviceSwitches;
        lastSurgeMs = other.lastSurgeMs;
        events = other.events;
        late = other.late;
        firstEventTimeMs = other.firstEventTimeMs;
        newestMs = other.newestMs;
        sum = other.sum;
        compensation = other.compensation;
    }

    /** An independent copy, for asking what would be if. */
    public FeatureState copy() {
        return new FeatureState(this);
    }

    /** How many events were folded in. */
    public long events() {
        return events;
    }

    /** How many of them were older than every window when they came: scored and counted, but in no window. */
    public long late() {
        return late;
    }

    /**
     * Sum of all amounts, compensated (Neumaier 1974): right to the last digit or two whatever their order and
     * number.
     */
    public double amountTotal() {
        return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, sum + compensation));
    }

    /** Event time of the earliest event, milliseconds since the epoch; 0 before the first. */
    public long firstEventTimeMs() {
        return firstEventTimeMs;
    }

    /** Event time of the newest event, milliseconds since the epoch; 0 before the first. */
    public long lastEventTimeMs() {
        return newestMs;
    }

    /** The rolling windows that end at the newest event. */
    public List<WindowSummary> windows() {
        windows.total();
        List<WindowSummary> summaries = new ArrayList<>(plan.windows().length);
        for (int i = 0; i < plan.windows().length; i++) {
            long count = windows.count(i);
            double windowSum = windows.sum(i);
            summaries.add(new WindowSummary(
                    Duration.ofMillis(plan.windows()[i].lengthMs()),
                    count,
                    windowSum,
                    count == 0 ? Double.NaN : windowSum / count));
        }
        return summaries;
    }

    /** What was spent when, oldest first of each: in the buckets of the windows of a day or more, or of the longest if none is. */
    public List<Spending> spending() {
        long longest =
                Arrays.stream(plan.windows()).mapToLong(Window::lengthMs).max().orElse(0);
        List<Spending> spending = new ArrayList<>();
        for (int i = 0; i < plan.windows().length; i++) {
            if (plan.windows()[i].lengthMs() >= Math.min(DAY_MS, longest)) {
                spending.addAll(windows.buckets(i, newestMs));
            }
        }
        return spending;
    }

    /** How many devices the account used lately, at most as many as the plan remembers. */
    public int devicesUsed() {
        return devices.size();
    }

    /** How many names the account's memories hold where they are full; see {@link FullMemories}. */
    public FullMemories fullMemories() {
        return new FullMemories(
                full(merchants, plan.merchants()), full(devices, plan.devices()), full(networks, plan.networks()));
    }

    private static int full(NameMemory memory, int capacity) {
        return memory.size() < capacity ? 0 : capacity;
    }

    /** Median of the last amounts, NaN before the first. */
    public double usualAmount() {
        return amounts.median();
    }

    /** Mean of the past amounts, of late of the last ones above all; NaN before the first. */
    public double meanAmount() {
        return amounts.mean();
    }

    /** The largest amount so far, NaN before the first. */
    public double largestAmount() {
        return amounts.max();
    }

    /**
     * Whether the account's newest surge happened at this event time: asked right after an event was folded, whether it
     * was one (or another of the same millisecond was).
     */
    public boolean surgedAt(long eventTimeMs) {
        return lastSurgeMs == eventTimeMs;
    }

    /** The time the windows end at when an event comes: its own, or the account's newest if that is later. */
    long nowMs(long eventTimeMs) {
        return events == 0 ? eventTimeMs : Math.max(newestMs, eventTimeMs);
    }

    void addToTotal(double amount) {
        double next = sum + amount;
        if (Double.isInfinite(next)) {
            sum = Math.copySign(Double.MAX_VALUE, next);
            compensation = 0;
            return;
        }
        compensation += Math.abs(sum) >= Math.abs(amount) ? (sum - next) + amount : (amount - next) + sum;
        sum = next;
    }

    static double bounded(double amount) {
        return Math.max(-LARGEST, Math.min(LARGEST, amount));
    }
}
