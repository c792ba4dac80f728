package io.outrider.http.api;

import io.outrider.core.telemetry.Buckets;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** Makes the exporter's metric families of what is counted. */
final class MetricFamilies {

    /** Upper bounds of the latency buckets, in seconds; the objective of 100 ms and its neighbours are among them. */
    private static final double[] LATENCY = {
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, Double.POSITIVE_INFINITY
    };

    private MetricFamilies() {}

    static CounterSnapshot counter(String name, String help, LongAdder adder) {
        return counter(name, help, Map.of(Labels.EMPTY, adder), LongAdder::doubleValue);
    }

    static <T> CounterSnapshot counter(String name, String help, Map<Labels, T> series, ToDoubleFunction<T> value) {
        var counter = CounterSnapshot.builder().name(name).help(help);
        series.forEach((labels, figure) -> counter.dataPoint(CounterDataPointSnapshot.builder()
                .labels(labels)
                .value(value.applyAsDouble(figure))
                .build()));
        return counter.build();
    }

    static GaugeSnapshot gauge(String name, String help, double value) {
        return gauge(name, help, Map.of(Labels.EMPTY, value), Double::doubleValue);
    }

    static <T> GaugeSnapshot gauge(String name, String help, Map<Labels, T> series, ToDoubleFunction<T> value) {
        var gauge = GaugeSnapshot.builder().name(name).help(help);
        series.forEach((labels, figure) -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value(value.applyAsDouble(figure))
                .build()));
        return gauge.build();
    }

    static HistogramSnapshot latency(String name, String help, Histogram milliseconds) {
        var buckets = ClassicHistogramBuckets.builder();
        long below = 0;
        for (double bound : LATENCY) {
            long upTo = Double.isInfinite(bound)
                    ? milliseconds.getTotalCount()
                    : milliseconds.getCountBetweenValues(0, Math.round(bound * 1000));
            buckets.bucket(bound, Math.max(0, upTo - below));
            below = Math.max(below, upTo);
        }
        long count = milliseconds.getTotalCount();
        return HistogramSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(buckets.build())
                        .sum(count == 0 ? 0 : milliseconds.getMean() * count / 1000)
                        .build())
                .build();
    }

    static HistogramSnapshot histogram(String name, String help, Map<Labels, Buckets> series) {
        var histogram = HistogramSnapshot.builder().name(name).help(help);
        series.forEach((labels, values) -> histogram.dataPoint(HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(classic(values))
                .sum(values.sum())
                .build()));
        return histogram.build();
    }

    private static ClassicHistogramBuckets classic(Buckets values) {
        var buckets = ClassicHistogramBuckets.builder();
        double[] bounds = values.bounds();
        long[] counts = values.counts();
        for (int i = 0; i < counts.length; i++) {
            buckets.bucket(i < bounds.length ? bounds[i] : Double.POSITIVE_INFINITY, counts[i]);
        }
        return buckets.build();
    }
}
