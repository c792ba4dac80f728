package io.outrider.app.bench.world;

import io.outrider.app.broker.EmbeddedBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A broker in a Java process of its own, so that its work is not counted as ours. */
public final class BrokerProcess implements AutoCloseable {

    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final JavaProcess process;
    private final int port;

    private BrokerProcess(JavaProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it in a directory; its output goes to {@code broker.log} beside its log. */
    public static BrokerProcess start(Path directory) throws IOException {
        int port = EmbeddedBroker.freePort();
        JavaProcess process = JavaProcess.start(
                directory.resolve("broker.log"),
                List.of("-Xmx1g", "-XX:+UseParallelGC"),
                List.of(
                        "broker",
                        "--port",
                        Integer.toString(port),
                        "--data-dir",
                        directory.resolve("broker").toString()));
        BrokerProcess broker = new BrokerProcess(process, port);
        broker.awaitListening(directory);
        return broker;
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    private void awaitListening(Path directory) throws IOException {
        long deadline = System.nanoTime() + START_NANOS;
        while (!isListening()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                close();
                throw new IOException("the broker did not start; see " + directory.resolve("broker.log"));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private boolean isListening() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
