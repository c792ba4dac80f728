package io.outrider.app.bench.throughput;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.LongAdder;

/** An OTLP receiver on loopback that takes everything and keeps nothing but how much it was. */
final class TraceSink implements AutoCloseable {

    private final HttpServer server;
    private final LongAdder bytes = new LongAdder();

    TraceSink() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            try (InputStream in = exchange.getRequestBody()) {
                bytes.add(in.transferTo(OutputStream.nullOutputStream()));
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.createContext("/v1/metrics", exchange -> {
            exchange.getRequestBody().close();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How many bytes of spans have come. */
    long spanBytes() {
        return bytes.sum();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
