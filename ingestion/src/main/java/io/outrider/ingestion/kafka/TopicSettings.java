package io.outrider.ingestion.kafka;

import com.typesafe.config.Config;
import io.outrider.core.setting.Setting;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Names and shape of the topics ({@code outrider.kafka.topics}).
 *
 * @param ingress where producers without keys write
 * @param scoredTransactions where scores and vectors go, when they are asked for
 * @param partitions of transactions, ingress and scored transactions, where created
 * @param sidePartitions of alerts, labels and dead letters, where created
 */
public record TopicSettings(
        String transactions,
        String alerts,
        String labels,
        String deadLetters,
        String ingress,
        String scoredTransactions,
        int partitions,
        int sidePartitions,
        int replicationFactor,
        Duration retention) {

    private static final String AT = "outrider.kafka.topics.";

    public TopicSettings {
        List<String> names = List.of(transactions, alerts, labels, deadLetters, ingress, scoredTransactions);
        for (String name : names) {
            Setting.require(name.matches("[a-zA-Z0-9._-]{1,249}"), AT + "*", "not a topic name: '" + name + "'");
        }
        Setting.require(
                new LinkedHashSet<>(names).size() == names.size(), AT + "*", "two topics share a name: " + names);
        Setting.require(partitions >= 1, AT + "partitions", "must be at least 1: " + partitions);
        Setting.require(sidePartitions >= 1, AT + "side-partitions", "must be at least 1: " + sidePartitions);
        Setting.require(
                replicationFactor >= 1 && replicationFactor <= Short.MAX_VALUE,
                AT + "replication-factor",
                "must be 1 to 32767: " + replicationFactor);
        Setting.require(retention.toMillis() > 0, AT + "retention", "must be positive: " + retention);
    }

    /** The same with the transactions elsewhere. */
    TopicSettings withTransactions(String name) {
        return new TopicSettings(
                name,
                alerts,
                labels,
                deadLetters,
                ingress,
                scoredTransactions,
                partitions,
                sidePartitions,
                replicationFactor,
                retention);
    }

    static TopicSettings from(Config topics) {
        return new TopicSettings(
                topics.getString("transactions"),
                topics.getString("alerts"),
                topics.getString("labels"),
                topics.getString("dead-letters"),
                topics.getString("ingress"),
                topics.getString("scored-transactions"),
                topics.getInt("partitions"),
                topics.getInt("side-partitions"),
                topics.getInt("replication-factor"),
                topics.getDuration("retention"));
    }
}
