package io.outrider.app.bench.latency;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One client of {@code alerts/stream}: connects, reads events, and when its connection ends connects to the next node with the last
 * id that it has. For the bench's one thread.
 */
final class Subscriber {

    private static final int LONGEST_LINE = 1 << 20;
    private static final long PAUSE_NANOS = 500_000_000L;

    private final List<URI> nodes;
    private final AlertNumbers numbers;
    private final BitSet seen = new BitSet();
    private final StringBuilder line = new StringBuilder();
    private int node;
    private @Nullable ByteBuffer request;
    private String lastId = "";
    private String event = "";
    private String pendingId = "";
    private long retryAtNanos;

    /** Events, by what they are. */
    int alerts;

    int doubles;
    int gaps;
    int overruns;
    int connections;
    boolean greeted;

    Subscriber(List<URI> nodes, int first, AlertNumbers numbers) {
        this.nodes = nodes;
        this.node = first % nodes.size();
        this.numbers = numbers;
    }

    /** Which alerts it has had. */
    BitSet seen() {
        return seen;
    }

    boolean isDue(long nowNanos) {
        return retryAtNanos != 0 && nowNanos >= retryAtNanos;
    }

    /** Begins to connect; a node that refuses at once is passed over like one that ends. */
    void connect(Selector selector) throws IOException {
        retryAtNanos = 0;
        URI target = nodes.get(node);
        String resume = lastId.isEmpty() ? "" : "Last-Event-ID: " + lastId + "\r\n";
        request = ByteBuffer.wrap(("GET /api/v1/alerts/stream HTTP/1.1\r\nHost: " + target.getHost() + ":"
                        + target.getPort() + "\r\nAccept: text/event-stream\r\n" + resume + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        line.setLength(0);
        event = "";
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        boolean connected;
        try {
            connected = channel.connect(new InetSocketAddress(target.getHost(), target.getPort()));
        } catch (ConnectException e) {
            ended(channel);
            return;
        }
        channel.register(selector, connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, this);
    }

    /** Goes on with what the connection is ready for; when it has ended, it is tried again at the next node after a pause. */
    void ready(SelectionKey key, ByteBuffer buffer) {
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (key.isConnectable() && channel.finishConnect()) {
                key.interestOps(SelectionKey.OP_WRITE);
            } else if (key.isWritable() && request != null) {
                channel.write(request);
                if (!request.hasRemaining()) {
                    connections++;
                    key.interestOps(SelectionKey.OP_READ);
                }
            } else if (key.isReadable()) {
                buffer.clear();
                int read = channel.read(buffer);
                if (read < 0) {
                    throw new IOException("closed");
                }
                take(buffer.flip());
            }
        } catch (IOException e) {
            key.cancel();
            ended(channel);
        }
    }

    private void ended(SocketChannel channel) {
        closeQuietly(channel);
        node = (node + 1) % nodes.size();
        retryAtNanos = System.nanoTime() + PAUSE_NANOS;
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // it is of no use any more, however it ended
        }
    }

    /** Events are ASCII but for alerts' data, of which only the id is looked at; chunk sizes are lines like any other. */
    private void take(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            char next = (char) (bytes.get() & 0xff);
            if (next != '\n') {
                if (line.length() < LONGEST_LINE && next != '\r') {
                    line.append(next);
                }
            } else {
                line(line.toString());
                line.setLength(0);
            }
        }
    }

    private void line(String text) {
        if (text.startsWith(": connected")) {
            greeted = true;
        } else if (text.startsWith("id: ")) {
            pendingId = text.substring(4);
        } else if (text.startsWith("event: ")) {
            event = text.substring(7);
        } else if (text.startsWith("data: ")) {
            data(text);
        }
    }

    private void data(String text) {
        switch (event) {
            case "alert" -> {
                int number = numbers.of(text);
                alerts++;
                doubles += seen.get(number) ? 1 : 0;
                seen.set(number);
                lastId = pendingId;
            }
            case "gap" -> gaps++;
            case "overrun" -> overruns++;
            default -> {}
        }
    }
}
