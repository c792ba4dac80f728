package io.outrider.core.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.event.Transaction;
import io.outrider.core.risk.MerchantRisk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FeatureStatePropertyTest {

    private static final long DAY_MS = 86_400_000L;

    private final FeaturePlan plan = FeaturePlan.named("transactions");

    @Property(tries = 200)
    void aDecodedStateGoesOnAsTheOriginal(
            @ForAll("events") @Size(max = 120) List<Transaction> before,
            @ForAll("events") @Size(min = 1, max = 40) List<Transaction> after) {
        FeatureState state = fold(plan.newState(), before);
        byte[] bytes = plan.encode(state);
        FeatureState decoded = plan.decode(bytes);
        assertThat(plan.encode(decoded)).isEqualTo(bytes);
        assertThat(vectors(decoded, after)).isEqualTo(vectors(state, after));
        assertThat(plan.encode(decoded)).isEqualTo(plan.encode(state));
    }

    @Property(tries = 100)
    void equalHistoriesGiveEqualBytes(
            @ForAll("events") @Size(max = 150) List<Transaction> events, @ForAll @IntRange(max = 150) int pause) {
        int cut = Math.min(pause, events.size());
        FeatureState whole = fold(plan.newState(), events);
        FeatureState interrupted = plan.decode(plan.encode(fold(plan.newState(), events.subList(0, cut))));
        assertThat(plan.encode(fold(interrupted, events.subList(cut, events.size()))))
                .isEqualTo(plan.encode(whole));
    }

    @Property(tries = 100)
    void aCopyLeavesTheOriginalUntouched(
            @ForAll("events") @Size(max = 80) List<Transaction> before,
            @ForAll("events") @Size(min = 1, max = 10) List<Transaction> what) {
        FeatureState state = fold(plan.newState(), before);
        byte[] bytes = plan.encode(state);
        FeatureState copy = state.copy();
        assertThat(plan.encode(copy)).isEqualTo(bytes);
        fold(copy, what);
        assertThat(plan.encode(state)).isEqualTo(bytes);
        assertThat(plan.encode(copy)).isNotEqualTo(bytes);
        assertThat(plan.encode(fold(state, what))).isEqualTo(plan.encode(copy));
    }

    @Property(tries = 500)
    void damagedBytesAreRefusedOrReadAsSomeState(
            @ForAll("events") @Size(max = 60) List<Transaction> events, @ForAll int at, @ForAll byte replacement) {
        byte[] bytes = plan.encode(fold(plan.newState(), events));
        bytes[Math.floorMod(at, bytes.length)] = replacement;
        try {
            fold(plan.decode(bytes), events);
        } catch (IllegalArgumentException expected) {
            assertThat(expected).hasMessageMatching("damaged state.*|feature state.*");
        }
    }

    @Property(tries = 100)
    void truncatedBytesAreRefused(@ForAll("events") @Size(min = 1, max = 60) List<Transaction> events, @ForAll int at) {
        byte[] bytes = plan.encode(fold(plan.newState(), events));
        byte[] cut = Arrays.copyOf(bytes, Math.floorMod(at, bytes.length));
        assertThatThrownBy(() -> plan.decode(cut)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 200)
    void medianAndDeviationAreThoseOfASort(@ForAll @Size(min = 1, max = 150) List<@From("amounts") Double> amounts) {
        var memory = new AmountMemory(64, 1000);
        amounts.forEach(memory::add);
        double[] last = amounts.subList(Math.max(0, amounts.size() - 64), amounts.size()).stream()
                .mapToDouble(a -> (double) (float) Math.min(a, Float.MAX_VALUE))
                .toArray();
        double median = median(last);
        assertThat(memory.median()).isEqualTo(median);
        assertThat(memory.medianAbsoluteDeviation(median))
                .isEqualTo(median(
                        Arrays.stream(last).map(a -> Math.abs(a - median)).toArray()));
    }

    @Property(tries = 100)
    void windowCountsAreExactAtBucketBoundaries(@ForAll("events") @Size(min = 1, max = 120) List<Transaction> events) {
        FeatureState state = fold(plan.newState(), events);
        for (int i = 0; i < state.plan.windows().length; i++) {
            Window window = state.plan.windows()[i];
            long oldest = window.bucket(state.lastEventTimeMs()) - window.slots() + 1;
            int expected = 0;
            for (int e = events.size() - 1; e >= 0; e--) {
                long bucket = window.bucket(events.get(e).eventTimeMs());
                expected += bucket >= oldest ? 1 : 0;
            }
            assertThat(state.windows().get(i).count()).isEqualTo(expected);
        }
    }

    @Property(tries = 100)
    void spendingAddsUpToItsWindows(@ForAll("events") @Size(min = 1, max = 120) List<Transaction> events) {
        FeatureState state = fold(plan.newState(), events);
        for (WindowSummary window : state.windows()) {
            List<Spending> buckets = state.spending().stream()
                    .filter(bucket -> bucket.window().equals(window.window()))
                    .toList();
            if (!buckets.isEmpty()) {
                assertThat(buckets.stream().mapToLong(Spending::count).sum()).isEqualTo(window.count());
                assertThat(buckets).isSortedAccordingTo(Comparator.comparingLong(Spending::startMs));
            }
        }
        assertThat(state.spending())
                .extracting(Spending::window)
                .containsSubsequence(Duration.ofDays(1), Duration.ofDays(7), Duration.ofDays(30));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private FeatureState fold(FeatureState state, List<Transaction> events) {
        vectors(state, events);
        return state;
    }

    private List<List<Double>> vectors(FeatureState state, List<Transaction> events) {
        List<List<Double>> vectors = new ArrayList<>();
        double[] vector = new double[plan.size()];
        for (Transaction event : events) {
            plan.apply(state, event, MerchantRisk.NONE, vector);
            vectors.add(Arrays.stream(vector).boxed().toList());
        }
        return vectors;
    }

    @Provide
    Arbitrary<Double> amounts() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(0, 50_000).map(cents -> cents / 100.0),
                Arbitraries.doubles().between(0, 1e9),
                Arbitraries.of(0.0, Double.MAX_VALUE, Double.MIN_VALUE, 5.0));
    }

    @Provide
    Arbitrary<List<Transaction>> events() {
        Arbitrary<Long> times = Arbitraries.oneOf(
                Arbitraries.longs().between(0, 3 * DAY_MS), Arbitraries.longs().between(-40 * DAY_MS, 40 * DAY_MS));
        Arbitrary<String> names =
                Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(2).injectNull(0.2);
        return Combinators.combine(times, amounts(), names, names, names)
                .as((time, amount, merchant, device, network) -> new Transaction(
                        String.valueOf(time % 50), "a", amount, time, merchant, device, network, null, null))
                .list();
    }
}
