package io.outrider.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.training.mlflow.MlflowOutbox;
import io.outrider.training.mlflow.TrackedRun;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlflowDeliveryTest {

    @TempDir
    private Path folder;

    @Test
    void whatIsInTheOutboxIsToldThoughNoRunEnds() throws Exception {
        BlobStore lake = new FolderBlobStore(folder);
        CountDownLatch told = new CountDownLatch(1);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            byte[] answer = "{\"experiment\":{\"experiment_id\":\"3\"}}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
            if (path.endsWith("runs/update")) {
                told.countDown();
            }
        });
        server.start();
        Config config = ConfigFactory.parseString("outrider.mlflow.tracking-uri = \"http://127.0.0.1:"
                        + server.getAddress().getPort() + "\"")
                .withFallback(ConfigFactory.load());
        MlflowOutbox outbox =
                MlflowOutbox.of(config, lake, new LiveMetrics(), Tracing.OFF).orElseThrow();
        outbox.add(new TrackedRun(
                "1",
                "transactions",
                "",
                List.of("too few rows"),
                1,
                2,
                Map.of(),
                Map.of(),
                new TrackedRun.Dataset("transactions", 3, "abc", 100),
                Map.of()));
        try (AutoCloseable delivery = MlflowDelivery.start(outbox, Duration.ofMillis(20), Clock.systemUTC())) {
            assertThat(told.await(30, TimeUnit.SECONDS))
                    .as("told within %s of the timer", delivery)
                    .isTrue();
        } finally {
            server.stop(0);
        }
    }
}
