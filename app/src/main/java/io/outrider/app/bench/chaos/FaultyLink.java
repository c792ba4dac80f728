package io.outrider.app.bench.chaos;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A loopback port that passes bytes on to another, both ways, but for the fault that is set. Knows nothing of what it
 * carries, except that {@link Fault#BUSY} answers as an HTTP server would. Thread-safe.
 */
final class FaultyLink implements AutoCloseable {

    /** What becomes of the bytes. */
    enum Fault {
        /** They pass. */
        NONE,
        /** Each piece of them waits, up to two seconds, both ways. */
        SLOW,
        /** What a client sends is answered with 503, and the connection ends. */
        BUSY,
        /** What a client sends arrives; half of the answers end the connection instead of passing. */
        LOST_ANSWERS
    }

    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int SLOW_MS = 2_000;
    private static final byte[] BUSY_ANSWER = String.join(
                    "\r\n",
                    "HTTP/1.1 503 Service Unavailable",
                    "x-ms-error-code: ServerBusy",
                    "Content-Length: 0",
                    "Connection: close",
                    "",
                    "")
            .getBytes(US_ASCII);

    private final InetSocketAddress target;
    private final ServerSocket server;
    private final SplittableRandom random;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "faulty-link");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Fault fault = Fault.NONE;
    private Predicate<InetAddress> cutOff = from -> false;

    /** @param seed of the delays and of which answers are lost */
    FaultyLink(int targetPort, long seed) throws IOException {
        this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
        this.random = new SplittableRandom(seed);
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Sets what becomes of all bytes from now on. */
    void set(Fault now) {
        fault = now;
    }

    /**
     * Holds the bytes of clients at these addresses back, both ways, as a network does that loses all packets: they
     * arrive when nobody is cut off any longer.
     */
    synchronized void cutOff(Predicate<InetAddress> addresses) {
        cutOff = addresses;
        notifyAll();
    }

    private synchronized void awaitWay(InetAddress from) throws InterruptedException {
        while (cutOff.test(from)) {
            wait();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                sockets.add(client);
                threads.execute(() -> connect(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void connect(Socket client) {
        Socket upstream = new Socket();
        try {
            awaitWay(client.getInetAddress());
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            upstream.connect(target);
            sockets.add(upstream);
            threads.execute(() -> pass(client, upstream, false));
        } catch (IOException e) {
            end(client, upstream);
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end(client, upstream);
            return;
        }
        pass(client, upstream, true);
    }

    private void pass(Socket client, Socket upstream, boolean request) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            InputStream from = request ? client.getInputStream() : upstream.getInputStream();
            while (true) {
                int read = from.read(chunk);
                if (read < 0) {
                    break;
                }
                awaitWay(client.getInetAddress());
                if (request ? isRefused(client) : isLost()) {
                    break;
                }
                slow();
                (request ? upstream : client).getOutputStream().write(Arrays.copyOf(chunk, read));
            }
        } catch (IOException e) {
            // One side has ended; so does the other.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(client, upstream);
        }
    }

    private boolean isRefused(Socket client) throws IOException {
        if (fault != Fault.BUSY) {
            return false;
        }
        client.getOutputStream().write(BUSY_ANSWER);
        return true;
    }

    private boolean isLost() {
        return fault == Fault.LOST_ANSWERS && draw(2) == 0;
    }

    private void slow() throws InterruptedException {
        if (fault == Fault.SLOW) {
            TimeUnit.MILLISECONDS.sleep(draw(SLOW_MS));
        }
    }

    private synchronized int draw(int bound) {
        return random.nextInt(bound);
    }

    private void end(Socket client, Socket upstream) {
        for (Socket socket : new Socket[] {client, upstream}) {
            sockets.remove(socket);
            close(socket);
        }
    }

    private static void close(Closeable ended) {
        try {
            ended.close();
        } catch (IOException e) {
            // It is not used any more.
        }
    }

    @Override
    public void close() {
        close(server);
        threads.shutdownNow();
        sockets.forEach(FaultyLink::close);
    }
}
