package io.outrider.ingestion.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Looks before a start whether the stream can be used, and where it cannot, says what is wrong in words that somebody can
 * act on: the network, the login, a right, a hub that is missing, a number of partitions. Calls block.
 */
public final class StreamCheck {

    private static final int CONNECT_MS = 5_000;

    private final KafkaSettings kafka;
    private final Topics topics;

    public StreamCheck(KafkaSettings kafka, Topics topics) {
        this.kafka = kafka;
        this.topics = topics;
    }

    /** A client that can be asked; IOException says why there can be none: the network, or the login. */
    public static Topics open(KafkaSettings kafka) throws IOException {
        if (kafka.eventHubs().isPresent()) {
            // Said at once: Kafka's client would try for long, and then speak of a time-out.
            EventHubsSettings hubs = kafka.eventHubs().get();
            String unreachable = unreachable(hubs.host(), hubs.port());
            if (unreachable != null) {
                throw new IOException(unreachable);
            }
        }
        try {
            return new Topics(kafka);
        } catch (KafkaException e) {
            throw new IOException(refusal(kafka, e), e);
        }
    }

    private static String refusal(KafkaSettings kafka, KafkaException failed) {
        Throwable root = failed;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (kafka.eventHubs().isEmpty()) {
            return kafka.bootstrapServers() + ": " + root.getMessage();
        }
        return "no login as the " + who(kafka.eventHubs().get()) + ": " + root.getMessage();
    }

    /**
     * The transactions' topic; IOException says what keeps it, or another that a node needs, from being used.
     *
     * @param rejects whether the node writes dead letters: one that does not needs no right to them
     */
    public TopicInfo transactions(boolean rejects) throws IOException {
        TopicInfo transactions = describe(kafka.topics().transactions());
        describe(kafka.topics().alerts());
        describe(kafka.topics().labels());
        if (rejects) {
            describe(kafka.topics().deadLetters());
        }
        int wanted = kafka.topics().partitions();
        if (kafka.eventHubs().isPresent() && transactions.partitions() != wanted) {
            throw new IOException("hub " + transactions.name() + " has " + transactions.partitions()
                    + " partitions, but outrider.kafka.topics.partitions (OUTRIDER_TOPIC_PARTITIONS) is " + wanted
                    + ": where an account lies follows from the number, so say the one that the hub has");
        }
        return transactions;
    }

    /** The labels' topic; IOException says what keeps it from being used. */
    public TopicInfo labels() throws IOException {
        return describe(kafka.topics().labels());
    }

    private TopicInfo describe(String topic) throws IOException {
        try {
            return topics.describe(topic);
        } catch (IOException e) {
            throw new IOException(reason(topic, e), e);
        }
    }

    private String reason(String topic, IOException failed) {
        Throwable cause = failed.getCause();
        if (cause instanceof UnknownTopicOrPartitionException) {
            return missing(topic, failed);
        }
        String where = kafka.bootstrapServers();
        if (cause instanceof SslAuthenticationException) {
            return where + " shows a certificate that is not trusted here, or speaks no TLS: " + cause.getMessage();
        }
        if (kafka.eventHubs().isEmpty()) {
            return String.valueOf(failed.getMessage());
        }
        EventHubsSettings hubs = kafka.eventHubs().get();
        if (cause instanceof SaslAuthenticationException) {
            return where + " refuses the " + who(hubs) + ": " + cause.getMessage()
                    + (hubs.login() instanceof EventHubsSettings.ConnectionString
                            ? ". Is the key still valid, and are the namespace's local logins allowed?"
                            : ". Has the identity a federated credential for this pod's service account?");
        }
        if (cause instanceof AuthorizationException) {
            return "the " + who(hubs) + " may not use hub " + topic
                    + ": it needs the role Azure Event Hubs Data Receiver or Data Sender there (" + cause.getMessage()
                    + ")";
        }
        String unreachable = unreachable(hubs.host(), hubs.port());
        return unreachable == null ? String.valueOf(failed.getMessage()) : unreachable;
    }

    private static String who(EventHubsSettings hubs) {
        return hubs.login() instanceof EventHubsSettings.WorkloadIdentity identity
                ? "workload identity " + identity.clientId()
                : "connection string";
    }

    private String missing(String topic, IOException failed) {
        if (kafka.eventHubs().isEmpty()) {
            return String.valueOf(failed.getMessage());
        }
        Set<String> there = new TreeSet<>();
        try {
            there.addAll(topics.names());
        } catch (IOException e) {
            failed.addSuppressed(e);
        }
        return "namespace " + kafka.eventHubs().get().host() + " has no hub " + topic + "; it has "
                + (there.isEmpty() ? "none that may be seen" : String.join(", ", there));
    }

    /** What stands between us and the endpoint; null if a connection can be made. */
    private static @Nullable String unreachable(String host, int port) {
        List<String> tried = new ArrayList<>();
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(address, port), CONNECT_MS);
                    return null;
                } catch (IOException e) {
                    tried.add(address.getHostAddress() + " (" + e.getMessage() + ")");
                }
            }
        } catch (UnknownHostException e) {
            return "there is no host " + host
                    + ": is the namespace's name right and, with a private endpoint, its DNS zone linked to this network?";
        }
        return "no connection to " + host + ":" + port + " at " + String.join(", ", tried)
                + ": does a firewall, the namespace's network rules or a missing private endpoint keep it away?";
    }
}
