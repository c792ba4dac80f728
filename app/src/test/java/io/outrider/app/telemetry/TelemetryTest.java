package io.outrider.app.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.outrider.core.trace.Tracing;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.logstash.logback.encoder.LogstashEncoder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** The exporters alone: when there are any, what they say, and that nobody waits for them. */
class TelemetryTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ExportReport.class);

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(logged);
    }

    @Test
    void withoutAReceiverNothingRuns() {
        try (Telemetry telemetry = Telemetry.start(config(Map.of()), Clock.systemUTC())) {
            assertThat(telemetry.tracing()).isSameAs(Tracing.OFF);
            assertThat(telemetry.tracing().span("nothing", SpanKind.INTERNAL).startSpan())
                    .extracting(Span::isRecording)
                    .isEqualTo(false);
        }
    }

    @Test
    void aReceiverThatRefusesIsSaidOnceAndThatItTakesAgainOnce() throws IOException {
        try (OtlpReceiver receiver = OtlpReceiver.start()) {
            receiver.answerWith(400);
            try (Telemetry telemetry = start(receiver.url())) {
                // A full queue is exported at once.
                for (int batch = 1; batch <= 3; batch++) {
                    int before = receiver.requests();
                    end(telemetry, 600);
                    await().atMost(PATIENCE).until(() -> receiver.requests() > before);
                }
                await().atMost(PATIENCE).until(() -> said("does not take spans").size() == 1);
                receiver.answerWith(200);
                end(telemetry, 600);
                await().atMost(PATIENCE).until(() -> !receiver.spans().isEmpty());
            }
            assertThat(said("does not take spans")).hasSize(1);
            assertThat(said("takes spans again")).hasSize(1);
        }
    }

    @Test
    void aReceiverThatIsAwayDelaysNobodyAndItsQueueIsBounded() throws IOException {
        String gone;
        try (OtlpReceiver receiver = OtlpReceiver.start()) {
            gone = receiver.url();
        }
        Telemetry telemetry = start(gone);
        long began = System.nanoTime();
        end(telemetry, 4_000);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
        began = System.nanoTime();
        telemetry.close();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
        assertThat(said("does not take spans").size()).isLessThanOrEqualTo(1);
    }

    @Test
    void aJsonLineThatIsLoggedWithinASpanNamesIt() throws IOException {
        try (OtlpReceiver receiver = OtlpReceiver.start();
                Telemetry telemetry = start(receiver.url())) {
            LogstashEncoder encoder = new LogstashEncoder();
            encoder.addProvider(new TraceIds());
            encoder.setContext(logger.getLoggerContext());
            encoder.start();
            Span span = telemetry.tracing().span("a job", SpanKind.INTERNAL).startSpan();
            JsonNode within = Context.root()
                    .with(span)
                    .wrapSupplier(() -> json(encoder, "within"))
                    .get();
            assertThat(within.path("trace_id").asText())
                    .isEqualTo(span.getSpanContext().getTraceId());
            assertThat(within.path("span_id").asText())
                    .isEqualTo(span.getSpanContext().getSpanId());
            assertThat(within.path("message").asText()).isEqualTo("within");
            assertThat(json(encoder, "outside").has("trace_id")).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "outrider.telemetry.endpoint, collector:4317",
        "outrider.telemetry.traces-endpoint, ftp://collector/v1/traces",
        "outrider.telemetry.stream-ratio, 1.5",
        "outrider.telemetry.max-traced-per-second, -1",
    })
    void aBadSettingIsRefusedByName(String key, String value) {
        assertThatThrownBy(() -> Telemetry.start(config(Map.of(key, value)), Clock.systemUTC()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(value);
    }

    @ParameterizedTest
    @CsvSource({
        "outrider_events, outrider.events, 1",
        "outrider_checkpoint_age_seconds, outrider.checkpoint_age, s",
        "outrider_checkpoint_bytes, outrider.checkpoint, By",
        "http_server_request_duration_seconds, http.server.request.duration, s",
        "jvm_memory_used_bytes, jvm.memory.used, By",
        "jvm_gc_duration_seconds, jvm.gc.duration, s",
        "jvm_thread_count, jvm.thread.count, 1",
    })
    void metricsHaveTheNamesOfTheConventions(String prometheus, String name, String unit) {
        assertThat(MetricNames.name(prometheus)).isEqualTo(name);
        assertThat(MetricNames.unit(prometheus)).isEqualTo(unit);
    }

    private JsonNode json(LogstashEncoder encoder, String message) {
        logger.info(message);
        try {
            return new ObjectMapper().readTree(encoder.encode(logged.list.get(logged.list.size() - 1)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<String> said(String what) {
        return List.copyOf(logged.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(message -> message.contains(what))
                .toList();
    }

    private static void end(Telemetry telemetry, int spans) {
        for (int i = 0; i < spans; i++) {
            telemetry
                    .tracing()
                    .span("one of many", SpanKind.INTERNAL)
                    .startSpan()
                    .end(i + 1L, TimeUnit.SECONDS);
        }
    }

    private static Telemetry start(String url) {
        return Telemetry.start(config(Map.of("outrider.telemetry.endpoint", url)), Clock.systemUTC());
    }

    private static Config config(Map<String, String> settings) {
        return ConfigFactory.parseMap(settings)
                .withFallback(ConfigFactory.load())
                .resolve();
    }
}
