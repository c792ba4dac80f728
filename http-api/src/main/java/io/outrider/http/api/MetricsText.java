package io.outrider.http.api;

import io.outrider.core.event.RejectionReason;
import io.outrider.core.port.NodeStatus;
import io.outrider.core.telemetry.LiveMetrics;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * The live path's counters for Prometheus, in its text format or OpenMetrics as the scraper asks. Built anew per scrape, so
 * that the live path knows nothing of it.
 */
final class MetricsText {

    private static final ExpositionFormats FORMATS = ExpositionFormats.init();

    /** Upper bounds of the latency buckets, in seconds; the objective of 100 ms and its neighbours are among them. */
    private static final double[] BUCKETS = {
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, Double.POSITIVE_INFINITY
    };

    private final LiveMetrics metrics;
    private final NodeStatus status;

    MetricsText(LiveMetrics metrics, NodeStatus status) {
        this.metrics = metrics;
        this.status = status;
    }

    HttpResponse response(HttpRequest request) {
        ExpositionFormatWriter writer = FORMATS.findWriter(
                request.getHeader("Accept").map(HttpHeader::value).orElse(""));
        var out = new ByteArrayOutputStream(8192);
        try {
            writer.write(out, snapshots());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return HttpResponse.create()
                .withEntity(HttpEntities.create(ContentTypes.parse(writer.getContentType()), out.toByteArray()));
    }

    private MetricSnapshots snapshots() {
        NodeStatus.Snapshot node = status.snapshot();
        String version = node.modelVersion();
        var all = MetricSnapshots.builder()
                .metricSnapshot(
                        counter("outrider_events", "Events accepted and folded into an account.", metrics.events))
                .metricSnapshot(counter(
                        "outrider_events_late", "Events later than their account's window.", metrics.lateEvents))
                .metricSnapshot(counter("outrider_alerts", "Alerts acknowledged by the broker.", metrics.alerts))
                .metricSnapshot(counter(
                        "outrider_reviews",
                        "Transactions that raised no alert and are marked for review.",
                        metrics.reviews))
                .metricSnapshot(counter(
                        "outrider_scored_transactions",
                        "Scored transactions acknowledged by the broker, where they are published.",
                        metrics.scoredTransactions))
                .metricSnapshot(counter(
                        "outrider_records_skipped", "Records whose offset the run had already seen.", metrics.skipped))
                .metricSnapshot(counter(
                        "outrider_runs",
                        "Runs started: more than one per claim means that something was lost.",
                        metrics.runs))
                .metricSnapshot(counter("outrider_checkpoints", "Checkpoints made durable.", metrics.checkpoints))
                .metricSnapshot(counter(
                        "outrider_checkpoint_setbacks",
                        "Partitions that went back to an earlier checkpoint because a file was damaged.",
                        metrics.setbacks))
                .metricSnapshot(counter(
                        "outrider_captured_events", "Records written to the lake as raw log.", metrics.capturedEvents))
                .metricSnapshot(counter("outrider_capture_files", "Capture files written.", metrics.captureFiles))
                .metricSnapshot(counter(
                        "outrider_capture_lost_events",
                        "Records that the topic no longer had when they were to be captured.",
                        metrics.captureLostEvents))
                .metricSnapshot(counter(
                        "outrider_labels", "Labels taken by the node that makes merchant-risk tables.", metrics.labels))
                .metricSnapshot(counter("outrider_risk_tables", "Merchant-risk tables published.", metrics.riskTables))
                .metricSnapshot(deadLetters())
                .metricSnapshot(latency(
                        "outrider_decision_latency_seconds",
                        "Append to decided, sampled once per group.",
                        metrics.decisionLatencyMs()))
                .metricSnapshot(latency(
                        "outrider_alert_latency_seconds", "Append to alert acknowledged.", metrics.alertLatencyMs()))
                .metricSnapshot(
                        gauge("outrider_ready", "1 when this node should be sent traffic.", node.ready() ? 1 : 0))
                .metricSnapshot(gauge(
                        "outrider_partitions_owned",
                        "Partitions this node owns and runs.",
                        node.partitions().size()));
        if (version != null) {
            all.metricSnapshot(InfoSnapshot.builder()
                    .name("outrider_model")
                    .help("The model in force.")
                    .dataPoint(InfoDataPointSnapshot.builder()
                            .labels(Labels.of("version", version))
                            .build())
                    .build());
        }
        return all.build();
    }

    private CounterSnapshot deadLetters() {
        var counter = CounterSnapshot.builder()
                .name("outrider_dead_letters")
                .help("Dead letters acknowledged by the broker, by reason.");
        for (RejectionReason reason : RejectionReason.values()) {
            counter.dataPoint(CounterDataPointSnapshot.builder()
                    .labels(Labels.of("reason", reason.wireName()))
                    .value((double) metrics.deadLetters(reason).sum())
                    .build());
        }
        return counter.build();
    }

    private static CounterSnapshot counter(String name, String help, LongAdder adder) {
        return CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(CounterDataPointSnapshot.builder()
                        .value((double) adder.sum())
                        .build())
                .build();
    }

    private static GaugeSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
                .build();
    }

    private static HistogramSnapshot latency(String name, String help, Histogram milliseconds) {
        var buckets = ClassicHistogramBuckets.builder();
        long below = 0;
        for (double bound : BUCKETS) {
            long upTo = Double.isInfinite(bound)
                    ? milliseconds.getTotalCount()
                    : milliseconds.getCountBetweenValues(0, Math.round(bound * 1000));
            buckets.bucket(bound, Math.max(0, upTo - below));
            below = Math.max(below, upTo);
        }
        return HistogramSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(buckets.build())
                        .sum(
                                milliseconds.getTotalCount() == 0
                                        ? 0
                                        : milliseconds.getMean() * milliseconds.getTotalCount() / 1000)
                        .build())
                .build();
    }
}
