package io.outrider.http.api;

import static io.outrider.http.api.MetricFamilies.counter;
import static io.outrider.http.api.MetricFamilies.gauge;
import static io.outrider.http.api.MetricFamilies.histogram;
import static io.outrider.http.api.MetricFamilies.latency;

import io.outrider.core.event.RejectionReason;
import io.outrider.core.port.NodeStatus;
import io.outrider.core.telemetry.BatchMetrics;
import io.outrider.core.telemetry.Buckets;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.telemetry.PartitionMetrics;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * All that is counted, for Prometheus, in its text format or OpenMetrics as the scraper asks. Built anew per scrape, so
 * that the live path knows nothing of it.
 */
final class MetricsText {

    private static final ExpositionFormats FORMATS = ExpositionFormats.init();

    private final LiveMetrics metrics;
    private final NodeStatus status;
    private final HttpMetrics http;
    private final Clock clock;
    private final GarbageCollections garbage = new GarbageCollections();

    MetricsText(LiveMetrics metrics, NodeStatus status, HttpMetrics http, Clock clock) {
        this.metrics = metrics;
        this.status = status;
        this.http = http;
        this.clock = clock;
    }

    HttpResponse response(HttpRequest request) {
        ExpositionFormatWriter writer = FORMATS.findWriter(
                request.getHeader("Accept").map(HttpHeader::value).orElse(""));
        var out = new ByteArrayOutputStream(16_384);
        try {
            writer.write(out, snapshots());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return HttpResponse.create()
                .withEntity(HttpEntities.create(ContentTypes.parse(writer.getContentType()), out.toByteArray()));
    }

    MetricSnapshots snapshots() {
        var all = MetricSnapshots.builder();
        events(all);
        durability(all);
        batch(all);
        batchRuns(all);
        retention(all);
        partitions(all);
        node(all);
        requests(all);
        JvmMetrics.now(garbage).forEach(all::metricSnapshot);
        return all.build();
    }

    private void events(MetricSnapshots.Builder all) {
        all.metricSnapshot(counter("outrider_events", "Events accepted and folded into an account.", metrics.events));
        all.metricSnapshot(
                counter("outrider_events_late", "Events later than their account's window.", metrics.lateEvents));
        all.metricSnapshot(counter(
                "outrider_reviews", "Transactions that raised no alert and are marked for review.", metrics.reviews));
        all.metricSnapshot(counter(
                "outrider_scored_transactions",
                "Scored transactions acknowledged by the broker, where they are published.",
                metrics.scoredTransactions));
        all.metricSnapshot(
                histogram("outrider_score", "Calibrated scores of all events.", Map.of(Labels.EMPTY, metrics.scores)));
        Map<Labels, Long> alerts = new LinkedHashMap<>();
        metrics.alertsByKind()
                .forEach((kind, count) -> alerts.put(
                        Labels.of(
                                "severity",
                                kind.severity().name().toLowerCase(Locale.ROOT),
                                "model_version",
                                kind.modelVersion()),
                        count));
        all.metricSnapshot(counter("outrider_alerts", "Alerts acknowledged by the broker.", alerts, Long::doubleValue));
        Map<Labels, LongAdder> letters = new LinkedHashMap<>();
        for (RejectionReason reason : RejectionReason.values()) {
            letters.put(Labels.of("reason", reason.wireName()), metrics.deadLetters(reason));
        }
        all.metricSnapshot(counter(
                "outrider_dead_letters",
                "Dead letters acknowledged by the broker, by reason.",
                letters,
                LongAdder::doubleValue));
        all.metricSnapshot(latency(
                "outrider_decision_latency_seconds",
                "Append to decided, sampled once per group.",
                metrics.decisionLatencyMs()));
        all.metricSnapshot(
                latency("outrider_alert_latency_seconds", "Append to alert acknowledged.", metrics.alertLatencyMs()));
    }

    private void durability(MetricSnapshots.Builder all) {
        all.metricSnapshot(
                counter("outrider_records_skipped", "Records whose offset the run had already seen.", metrics.skipped));
        all.metricSnapshot(counter(
                "outrider_runs", "Runs started: more than one per claim means that something was lost.", metrics.runs));
        all.metricSnapshot(counter(
                "outrider_lost_runs", "Runs that came to nothing because something was lost.", metrics.lostRuns));
        all.metricSnapshot(
                counter("outrider_model_rollbacks", "Models rolled back by the breaker.", metrics.rollbacks));
        all.metricSnapshot(counter(
                "outrider_challengers_given_up",
                "Challengers archived because the gate went on refusing them.",
                metrics.challengersGivenUp));
        all.metricSnapshot(
                counter("outrider_drifts", "Hours in which the traffic was found to have drifted.", metrics.drifts));
        all.metricSnapshot(
                counter("outrider_drift_runs", "Training runs that drift asked for and was given.", metrics.driftRuns));
        all.metricSnapshot(counter("outrider_checkpoints", "Checkpoints made durable.", metrics.checkpoints));
        all.metricSnapshot(counter(
                "outrider_checkpoint_setbacks",
                "Partitions that went back to an earlier checkpoint because a file was damaged.",
                metrics.setbacks));
        all.metricSnapshot(counter(
                "outrider_checkpoint_bytes",
                "Bytes of account states that checkpoints wrote.",
                metrics.checkpointBytes));
        all.metricSnapshot(histogram(
                "outrider_checkpoint_duration_seconds",
                "From a checkpoint's first write until it was durable.",
                Map.of(Labels.EMPTY, metrics.checkpointSeconds)));
    }

    private void batch(MetricSnapshots.Builder all) {
        all.metricSnapshot(
                counter("outrider_captured_events", "Records written to the lake as raw log.", metrics.capturedEvents));
        all.metricSnapshot(counter("outrider_capture_files", "Capture files written.", metrics.captureFiles));
        all.metricSnapshot(counter(
                "outrider_capture_lost_events",
                "Records that the topic no longer had when they were to be captured.",
                metrics.captureLostEvents));
        all.metricSnapshot(counter(
                "outrider_labels", "Labels taken by the node that makes merchant-risk tables.", metrics.labels));
        all.metricSnapshot(counter("outrider_risk_tables", "Merchant-risk tables published.", metrics.riskTables));
        all.metricSnapshot(counter(
                "outrider_tracking_refused",
                "Training runs that MLflow refused for good, and that were set aside.",
                metrics.trackingRefused));
        all.metricSnapshot(counter("outrider_webhooks", "Alerts that webhooks have taken.", metrics.webhooks));
        all.metricSnapshot(
                counter("outrider_webhook_retries", "Attempts to send beyond the first.", metrics.webhookRetries));
        all.metricSnapshot(counter(
                "outrider_webhook_dead_letters",
                "Alerts that webhooks did not take and that were given up.",
                metrics.webhookDeadLetters));
    }

    private void batchRuns(MetricSnapshots.Builder all) {
        Map<Labels, Long> ended = new LinkedHashMap<>();
        metrics.batch
                .ended()
                .forEach((run, count) -> ended.put(Labels.of("kind", run.kind(), "outcome", run.outcome()), count));
        all.metricSnapshot(counter("outrider_batch_runs", "Batch runs that have ended.", ended, Long::doubleValue));
        Map<Labels, Buckets> seconds = new LinkedHashMap<>();
        metrics.batch.seconds().forEach((kind, buckets) -> seconds.put(Labels.of("kind", kind), buckets));
        all.metricSnapshot(histogram(
                "outrider_batch_run_duration_seconds",
                "From the beginning of a batch run's first attempt to its end.",
                seconds));
        Map<Labels, BatchMetrics.Standing> standing = new LinkedHashMap<>();
        metrics.batch.standing().forEach((kind, now) -> standing.put(Labels.of("kind", kind), now));
        all.metricSnapshot(gauge(
                "outrider_batch_running",
                "1 while a node works on a batch run of the kind; told by the supervisor's node alone.",
                standing,
                now -> now.running() ? 1 : 0));
        long nowMs = clock.millis();
        all.metricSnapshot(gauge(
                "outrider_batch_success_age_seconds",
                "Since a batch run of the kind last succeeded; told by the supervisor's node alone.",
                standing,
                now -> Math.max(0, nowMs - now.successMs()) / 1000.0));
    }

    private void partitions(MetricSnapshots.Builder all) {
        long now = clock.millis();
        Map<Labels, PartitionMetrics> running = new LinkedHashMap<>();
        Map<Labels, PartitionMetrics> told = new LinkedHashMap<>();
        metrics.partitions().forEach((number, partition) -> {
            Labels labels = Labels.of("partition", number.toString());
            running.put(labels, partition);
            if (partition.lag() >= 0) {
                told.put(labels, partition);
            }
        });
        all.metricSnapshot(gauge(
                "outrider_partition_lag_records",
                "Records of the log that the partition's run has not taken.",
                told,
                PartitionMetrics::lag));
        all.metricSnapshot(gauge(
                "outrider_partition_next_offset",
                "First offset of the log that the partition's run has not taken.",
                running,
                PartitionMetrics::nextOffset));
        Map<Labels, Long> undecided = new LinkedHashMap<>();
        metrics.undecided()
                .forEach((number, records) -> undecided.put(Labels.of("partition", number.toString()), records));
        all.metricSnapshot(gauge(
                "outrider_partition_undecided_records",
                "Records that had left the log before they were decided, as this node's last claim of the partition found.",
                undecided,
                Long::doubleValue));
        all.metricSnapshot(gauge(
                "outrider_partition_in_flight",
                "Events taken and not decided, alerts and dead letters not acknowledged.",
                running,
                PartitionMetrics::inFlight));
        all.metricSnapshot(gauge(
                "outrider_checkpoint_age_seconds",
                "Since the partition's last durable checkpoint; an idle partition needs none.",
                running,
                partition -> Math.max(0, now - partition.checkpointAtMs()) / 1000.0));
    }

    private void retention(MetricSnapshots.Builder all) {
        all.metricSnapshot(counter(
                "outrider_retention_files",
                "Files deleted because they were older than they are kept, by what they were of.",
                byWhat(metrics.retention.files()),
                Long::doubleValue));
        all.metricSnapshot(counter(
                "outrider_retention_bytes", "Their bytes.", byWhat(metrics.retention.bytes()), Long::doubleValue));
    }

    private static Map<Labels, Long> byWhat(Map<String, Long> sums) {
        Map<Labels, Long> labelled = new LinkedHashMap<>();
        sums.forEach((what, sum) -> labelled.put(Labels.of("what", what), sum));
        return labelled;
    }

    private void node(MetricSnapshots.Builder all) {
        NodeStatus.Snapshot node = status.snapshot();
        all.metricSnapshot(gauge("outrider_ready", "1 when this node should be sent traffic.", node.ready() ? 1 : 0));
        all.metricSnapshot(gauge(
                "outrider_warnings",
                "What is not as it should be though this node may be sent traffic; /health/ready says what.",
                node.warnings().size()));
        all.metricSnapshot(gauge(
                "outrider_partitions_owned",
                "Partitions this node owns and runs.",
                node.partitions().size()));
        String version = node.modelVersion();
        if (version == null) {
            return;
        }
        all.metricSnapshot(InfoSnapshot.builder()
                .name("outrider_model")
                .help("The model in force.")
                .dataPoint(InfoDataPointSnapshot.builder()
                        .labels(Labels.of("version", version))
                        .build())
                .build());
        dataAge(version)
                .ifPresent(age -> all.metricSnapshot(gauge(
                        "outrider_model_data_age_seconds",
                        "Since the end of the day on which the model's training data ends.",
                        age)));
    }

    /** A version begins with the day its training data ends; one that does not, as of an imported model, has no age. */
    private OptionalDouble dataAge(String version) {
        try {
            LocalDate day = LocalDate.parse(version.split("-", -1)[0], DateTimeFormatter.BASIC_ISO_DATE);
            long endMs =
                    day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
            return OptionalDouble.of(Math.max(0, clock.millis() - endMs) / 1000.0);
        } catch (DateTimeException e) {
            return OptionalDouble.empty();
        }
    }

    private void requests(MetricSnapshots.Builder all) {
        Map<Labels, Buckets> series = new LinkedHashMap<>();
        http.durations()
                .forEach((key, buckets) -> series.put(
                        Labels.of(
                                "url_scheme", key.scheme(),
                                "http_request_method", key.method(),
                                "http_route", key.route(),
                                "http_response_status_code", Integer.toString(key.status())),
                        buckets));
        all.metricSnapshot(
                histogram("http_server_request_duration_seconds", "Duration of HTTP server requests.", series));
    }
}
