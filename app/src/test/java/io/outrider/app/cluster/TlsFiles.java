package io.outrider.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A CA, and a key with a certificate of it, made by the JDK's keytool, as a node's TLS folder. */
public final class TlsFiles {

    private static final String PASSWORD = "changeit";

    private TlsFiles() {}

    /** Makes the folder and returns it. */
    public static Path create(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path store = folder.resolve("keys.p12");
        keytool(store, "ca", "-dname", "CN=CA", "-ext", "bc:c");
        keytool(store, "node", "-dname", "CN=outrider", "-ext", "san=ip:127.0.0.1", "-signer", "ca");
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            pem(
                    folder.resolve("tls.key"),
                    "PRIVATE KEY",
                    keys.getKey("node", PASSWORD.toCharArray()).getEncoded());
            pem(
                    folder.resolve("tls.crt"),
                    "CERTIFICATE",
                    keys.getCertificate("node").getEncoded());
            pem(
                    folder.resolve("ca.crt"),
                    "CERTIFICATE",
                    keys.getCertificate("ca").getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return folder;
    }

    private static void keytool(Path store, String alias, String... more) throws IOException, InterruptedException {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> command = new ArrayList<>(
                List.of(keytool.toString(), "-J-XX:TieredStopAtLevel=1", "-genkeypair", "-keyalg", "RSA"));
        command.addAll(List.of("-keysize", "2048", "-validity", "2", "-storetype", "PKCS12", "-alias", alias));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static void pem(Path file, String what, byte[] content) throws IOException {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(file, "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n");
    }
}
