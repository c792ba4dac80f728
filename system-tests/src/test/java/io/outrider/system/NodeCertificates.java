package io.outrider.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What cert-manager puts into the nodes' secret, made by keytool: {@code tls.crt}, {@code tls.key} and {@code ca.crt}. */
final class NodeCertificates {

    private static final String PASSWORD = "changeit";

    private NodeCertificates() {}

    /** Writes an authority's certificate, and a key with a certificate of it, to the folder. */
    static void make(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
        Files.createDirectories(folder);
        Path authority = folder.resolve("ca.p12");
        Path node = folder.resolve("node.p12");
        Path request = folder.resolve("node.csr");
        Path signed = folder.resolve("node.crt");
        keytool(authority, "-genkeypair", "-alias", "ca", "-keyalg", "RSA", "-dname", "CN=ca", "-ext", "bc:c");
        keytool(node, "-genkeypair", "-alias", "node", "-keyalg", "RSA", "-dname", "CN=outrider-node");
        keytool(node, "-certreq", "-alias", "node", "-file", request.toString());
        keytool(
                authority,
                "-gencert",
                "-alias",
                "ca",
                "-infile",
                request.toString(),
                "-outfile",
                signed.toString(),
                "-rfc",
                "-ext",
                "eku=serverAuth,clientAuth",
                "-ext",
                "san=dns:outrider-node");
        Files.copy(signed, folder.resolve("tls.crt"));
        Certificate ca = open(authority).getCertificate("ca");
        Files.writeString(folder.resolve("ca.crt"), pem("CERTIFICATE", ca.getEncoded()));
        byte[] key = open(node).getKey("node", PASSWORD.toCharArray()).getEncoded();
        Files.writeString(folder.resolve("tls.key"), pem("PRIVATE KEY", key));
    }

    private static KeyStore open(Path store) throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + what
                + "-----\n";
    }

    private static void keytool(Path store, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
        int ended = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (ended != 0) {
            throw new IOException("keytool failed with " + ended);
        }
    }
}
