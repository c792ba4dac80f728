package io.outrider.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.cluster.TlsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node with certificates says of its cluster, and to whom. */
class DiscoveryTlsTest {

    private static final String QUESTION =
            "GET /bootstrap/seed-nodes HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";

    @TempDir
    private Path folder;

    private ActorSystem<Void> node;
    private ActorSystem<Void> stranger;
    private int port;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        node = system(
                "ours", Map.of("pekko.management.http.hostname", "127.0.0.1", "pekko.management.http.port", port));
        stranger = system("others", Map.of());
        Discovery.begin(node);
    }

    @AfterEach
    void stop() {
        node.terminate();
        stranger.terminate();
    }

    @Test
    void onlyWhoHasACertificateOfTheClustersCaIsTold() throws Exception {
        assertThat(answer(secure(node))).startsWith("HTTP/1.1 200").contains("seedNodes");
        assertThatThrownBy(() -> answer(secure(stranger)))
                .as("a certificate of another authority")
                .isInstanceOfAny(SSLException.class, SocketException.class);
        assertThatThrownBy(() -> answer(secure(trustingEverybody())))
                .as("no certificate")
                .isInstanceOfAny(SSLException.class, SocketException.class);
        assertThat(plainAnswer()).as("no TLS").doesNotContain("HTTP/1.1");
    }

    private SSLSocket secure(ActorSystem<Void> as) throws IOException {
        return secure(new RotatingKeysSSLEngineProvider(Adapter.toClassic(as)).getSSLContext());
    }

    private SSLSocket secure(SSLContext context) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static SSLContext trustingEverybody() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Credulous()}, null);
        return context;
    }

    private static String answer(Socket socket) throws IOException {
        try (socket) {
            socket.getOutputStream().write(QUESTION.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private String plainAnswer() throws IOException {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(10_000);
            return answer(socket);
        } catch (SocketException e) {
            return ""; // closed before it was read
        }
    }

    private ActorSystem<Void> system(String authority, Map<String, Object> more)
            throws IOException, InterruptedException {
        Path tls = TlsFiles.create(folder.resolve(authority));
        String engine = "pekko.remote.artery.ssl.rotating-keys-engine.";
        Map<String, Object> settings = new HashMap<>(more);
        settings.putAll(Map.of(
                "pekko.remote.artery.transport",
                "tls-tcp",
                "pekko.remote.artery.ssl.ssl-engine-provider",
                "org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider",
                engine + "key-file",
                tls.resolve("tls.key").toString(),
                engine + "cert-file",
                tls.resolve("tls.crt").toString(),
                engine + "ca-cert-file",
                tls.resolve("ca.crt").toString(),
                "pekko.management.cluster.bootstrap.contact-point-discovery.discovery-method",
                "config",
                "pekko.discovery.config.services.outrider.endpoints",
                List.of(),
                "pekko.loglevel",
                "OFF"));
        Config config = ConfigFactory.parseMap(settings)
                .withFallback(ConfigFactory.load())
                .resolve();
        return ActorSystem.create(Behaviors.empty(), "outrider", config);
    }

    /** Takes any server's certificate: what is tried is whether the server does without the client's. */
    private static final class Credulous extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
