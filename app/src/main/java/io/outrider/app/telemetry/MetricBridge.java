package io.outrider.app.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import io.opentelemetry.sdk.resources.Resource;
import io.outrider.core.trace.Tracing;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Tells by OTLP what {@code /metrics} serves: the same figures, gathered anew for each export, under the {@linkplain
 * MetricNames names} that OpenTelemetry has for them. Counters and histograms count from when the bridge was made, which is when
 * the node began. Thread-safe.
 */
final class MetricBridge implements MetricProducer {

    private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create(Tracing.SCOPE);

    private final Clock clock;
    private final long beganNanos;
    private volatile Supplier<MetricSnapshots> source = () -> new MetricSnapshots(List.of());

    MetricBridge(Clock clock) {
        this.clock = clock;
        this.beganNanos = nanos(clock);
    }

    private record Metric(
            Resource resource, String name, String description, String unit, MetricDataType type, Data<?> data)
            implements MetricData {

        @Override
        public Resource getResource() {
            return resource;
        }

        @Override
        public InstrumentationScopeInfo getInstrumentationScopeInfo() {
            return SCOPE;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public String getDescription() {
            return description;
        }

        @Override
        public String getUnit() {
            return unit;
        }

        @Override
        public MetricDataType getType() {
            return type;
        }

        @Override
        public Data<?> getData() {
            return data;
        }
    }

    void from(Supplier<MetricSnapshots> now) {
        source = now;
    }

    @Override
    public Collection<MetricData> produce(Resource resource) {
        long nowNanos = nanos(clock);
        List<MetricData> all = new ArrayList<>();
        for (MetricSnapshot snapshot : source.get()) {
            MetricMetadata about = snapshot.getMetadata();
            String name = MetricNames.name(about.getPrometheusName());
            Data<?> data = data(snapshot, name, nowNanos);
            all.add(new Metric(
                    resource,
                    name,
                    about.getHelp() == null ? "" : about.getHelp(),
                    MetricNames.unit(about.getPrometheusName()),
                    type(data),
                    data));
        }
        return all;
    }

    private static MetricDataType type(Data<?> data) {
        return data instanceof HistogramData
                ? MetricDataType.HISTOGRAM
                : data instanceof SumData ? MetricDataType.DOUBLE_SUM : MetricDataType.DOUBLE_GAUGE;
    }

    private Data<?> data(MetricSnapshot snapshot, String name, long nowNanos) {
        if (snapshot instanceof HistogramSnapshot histogram) {
            return HistogramData.create(
                    AggregationTemporality.CUMULATIVE,
                    histogram.getDataPoints().stream()
                            .map(point -> histogram(point, nowNanos))
                            .toList());
        }
        if (snapshot instanceof CounterSnapshot counter) {
            return SumData.createDoubleSumData(
                    true,
                    AggregationTemporality.CUMULATIVE,
                    points(counter.getDataPoints(), CounterSnapshot.CounterDataPointSnapshot::getValue, nowNanos));
        }
        if (snapshot instanceof GaugeSnapshot gauge) {
            List<DoublePointData> points =
                    points(gauge.getDataPoints(), GaugeSnapshot.GaugeDataPointSnapshot::getValue, nowNanos);
            return MetricNames.isUpDown(name)
                    ? SumData.createDoubleSumData(false, AggregationTemporality.CUMULATIVE, points)
                    : GaugeData.createDoubleGaugeData(points);
        }
        if (snapshot instanceof InfoSnapshot info) {
            return GaugeData.createDoubleGaugeData(points(info.getDataPoints(), point -> 1.0, nowNanos));
        }
        throw new IllegalStateException(snapshot.getClass() + " has no counterpart in OTLP");
    }

    private <T extends DataPointSnapshot> List<DoublePointData> points(
            List<T> points, Function<T, Double> value, long nowNanos) {
        return points.stream()
                .map(point -> DoublePointData.create(
                        beganNanos, nowNanos, attributes(point.getLabels()), value.apply(point), List.of()))
                .toList();
    }

    private HistogramPointData histogram(HistogramDataPointSnapshot point, long nowNanos) {
        ClassicHistogramBuckets buckets = point.getClassicBuckets();
        List<Double> bounds = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        for (int i = 0; i < buckets.size(); i++) {
            if (!Double.isInfinite(buckets.getUpperBound(i))) {
                bounds.add(buckets.getUpperBound(i));
            }
            counts.add(buckets.getCount(i));
        }
        return HistogramPointData.create(
                beganNanos,
                nowNanos,
                attributes(point.getLabels()),
                point.getSum(),
                false,
                0,
                false,
                0,
                bounds,
                counts);
    }

    private static Attributes attributes(Labels labels) {
        AttributesBuilder attributes = Attributes.builder();
        labels.forEach(label -> attributes.put(MetricNames.attribute(label.getName()), label.getValue()));
        return attributes.build();
    }

    private static long nanos(Clock clock) {
        return TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }
}
