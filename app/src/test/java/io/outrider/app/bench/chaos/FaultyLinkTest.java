package io.outrider.app.bench.chaos;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers each byte with the same byte. */
final class FaultyLinkTest {

    private static final int LIMIT_MS = 20_000;

    private final BlockingQueue<Integer> arrived = new LinkedBlockingQueue<>();
    private final ServerSocket echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final FaultyLink link = new FaultyLink(echo.getLocalPort(), 1);

    FaultyLinkTest() throws IOException {
        daemon(() -> {
            while (true) {
                Socket socket = echo.accept();
                daemon(() -> {
                    for (int read = socket.getInputStream().read();
                            read >= 0;
                            read = socket.getInputStream().read()) {
                        arrived.add(read);
                        socket.getOutputStream().write(read);
                    }
                    socket.close();
                });
            }
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void daemon(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // The test is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private Socket connect(InetAddress from) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(LIMIT_MS);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), link.port()));
        return socket;
    }

    private Socket connect() throws IOException {
        return connect(InetAddress.getLoopbackAddress());
    }

    private static int ask(Socket socket, int question) throws IOException {
        socket.getOutputStream().write(question);
        return socket.getInputStream().read();
    }

    @AfterEach
    void close() throws IOException {
        link.close();
        echo.close();
    }

    @Test
    void passesBytesBothWays() throws IOException {
        try (Socket socket = connect()) {
            assertThat(ask(socket, 'a')).isEqualTo('a');
            assertThat(ask(socket, 'b')).isEqualTo('b');
        }
    }

    @Test
    void passesTheEndOfAConnection() throws IOException {
        try (Socket socket = connect()) {
            assertThat(ask(socket, 'a')).isEqualTo('a');
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isNegative();
        }
    }

    @Test
    void aBusyServerAnswersWithoutHavingBeenAsked() throws IOException {
        link.set(FaultyLink.Fault.BUSY);
        try (Socket socket = connect()) {
            socket.getOutputStream().write('a');
            InputStream answer = socket.getInputStream();
            assertThat(new String(answer.readAllBytes(), US_ASCII)).startsWith("HTTP/1.1 503 ");
        }
        assertThat(arrived).isEmpty();
    }

    @Test
    void whatLosesItsAnswerHasArrived() throws Exception {
        link.set(FaultyLink.Fault.LOST_ANSWERS);
        int lost = 0;
        for (int i = 0; i < 40; i++) {
            try (Socket socket = connect()) {
                if (ask(socket, 'a') < 0) {
                    lost++;
                }
            }
            assertThat(arrived.poll(LIMIT_MS, TimeUnit.MILLISECONDS)).isEqualTo('a');
        }
        assertThat(lost).isBetween(5, 35);
    }

    @Test
    void whatIsCutOffArrivesWhenItIsHealedAndOthersAreNotHeldBack() throws Exception {
        InetAddress cut = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try (Socket open = connect(cut)) {
            assertThat(ask(open, 'a')).isEqualTo('a');
            link.cutOff(cut::equals);
            open.setSoTimeout(100);
            assertThatThrownBy(() -> ask(open, 'b')).isInstanceOf(SocketTimeoutException.class);
            try (Socket other = connect(InetAddress.getByAddress(new byte[] {127, 0, 0, 9}))) {
                assertThat(ask(other, 'c')).isEqualTo('c');
            }
            link.cutOff(from -> false);
            open.setSoTimeout(LIMIT_MS);
            assertThat(open.getInputStream().read()).isEqualTo('b');
        }
        assertThat(arrived).containsExactly((int) 'a', (int) 'c', (int) 'b');
    }
}
