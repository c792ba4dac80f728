package io.outrider.app.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.outrider.app.bench.world.AlertTopic;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.training.fold.FoldedAccount;
import io.outrider.training.fold.HistoryFold;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What a cluster has made of its input, against the fold of the input in one thread and an undisturbed node of each build
 * that ran. Such a node is given the cluster's model: another build may fit another one, which would decide otherwise.
 */
final class Comparison {

    private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(5);

    private final ChaosCluster cluster;
    private final Path folder;
    private final List<Path> homes;
    private final List<String> differences = new ArrayList<>();

    /**
     * The outcome.
     *
     * @param alerts distinct alerts on the topic of this build's undisturbed node
     * @param differences what is not as it should be, in words; empty if nothing
     */
    record Outcome(long events, int accounts, int alerts, List<String> differences) {}

    /**
     * A comparison to come.
     *
     * @param folder for what the cluster says of its accounts, {@code accounts.ndjson}
     * @param homes the checkouts that its nodes ran from, this build's first
     */
    Comparison(ChaosCluster cluster, Path folder, List<Path> homes) {
        this.cluster = cluster;
        this.folder = folder;
        this.homes = homes;
    }

    /** Waits until the cluster has caught up, or should have, and compares. */
    Outcome against(Path input, long events) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + CATCH_UP_LIMIT.toNanos();
        for (ChaosNode node : cluster.nodes()) {
            long found = awaitEvents(node, events, deadline);
            expect(
                    found >= events,
                    node.name() + " knew of " + found + " of " + events + " events " + CATCH_UP_LIMIT.toSeconds()
                            + " s after the last fault");
        }
        HistoryFold.Outcome fold =
                HistoryFold.of(List.of(input), FeaturePlan.named("transactions"), (step, fraction) -> {});
        expect(fold.events() == events, "the input has " + fold.events() + " events, sent were " + events);
        compareAccounts(fold.accounts());
        List<Map<String, String>> alerts = new ArrayList<>();
        for (Path home : homes) {
            alerts.add(undisturbedAlerts(home, "undisturbed-" + (alerts.size() + 1), events));
        }
        compareAlerts(alerts);
        long dead = cluster.broker().deadLetters("");
        expect(dead == 0, dead + " dead letters, of which there should be none");
        return new Outcome(events, fold.accounts().size(), alerts.get(0).size(), List.copyOf(differences));
    }

    /** Returns how many it knows of when it knows of all or the time is over. */
    private static long awaitEvents(ChaosNode node, long events, long deadlineNanos)
            throws IOException, InterruptedException {
        long found = node.client().events();
        while (found < events && System.nanoTime() < deadlineNanos) {
            node.process().checkAlive();
            TimeUnit.SECONDS.sleep(1);
            found = node.client().events();
        }
        return found;
    }

    private void compareAccounts(List<FoldedAccount> expected) throws IOException, InterruptedException {
        Map<String, JsonNode> found = new TreeMap<>();
        for (JsonNode account : cluster.nodes().get(0).client().accounts()) {
            found.put(account.get("account").asText(), account);
        }
        Files.write(
                folder.resolve("accounts.ndjson"),
                found.values().stream().map(JsonNode::toString).toList());
        List<String> wrong = new ArrayList<>();
        int asked = 0;
        for (FoldedAccount account : expected) {
            JsonNode has = found.remove(account.account());
            ChaosNode node = cluster.nodes().get(asked++ % cluster.nodes().size());
            if (has == null) {
                wrong.add(account.account() + " is missing");
            } else if (has.get("events").asLong() != account.events()) {
                wrong.add(account.account() + " has " + has.get("events") + " events instead of " + account.events());
            } else if (!node.client().stateHash(account.account()).equals(account.stateHash())) {
                wrong.add(account.account() + " has another state");
            }
        }
        found.keySet().forEach(account -> wrong.add(account + " is not in the input"));
        expect(wrong.isEmpty(), wrong.size() + " accounts differ: " + first(wrong));
    }

    private Map<String, String> undisturbedAlerts(Path home, String name, long events)
            throws IOException, InterruptedException {
        String suffix = "-" + name;
        cluster.broker().topics(suffix);
        try (ChaosNode alone = cluster.alone(name, suffix)) {
            alone.start(home);
            alone.awaitReady();
            long found = awaitEvents(alone, events, System.nanoTime() + CATCH_UP_LIMIT.toNanos());
            expect(found == events, "node " + name + " knew of " + found + " of " + events + " events");
            alone.stop();
        }
        Map<String, String> alerts = AlertTopic.read(cluster.broker().kafka(suffix));
        expect(!alerts.isEmpty(), "node " + name + " raised no alerts, so there was nothing to compare");
        return alerts;
    }

    private void compareAlerts(List<Map<String, String>> expected) {
        Map<String, String> found;
        try {
            found = AlertTopic.read(cluster.broker().kafka(""));
        } catch (IllegalStateException e) {
            differences.add(String.valueOf(e.getMessage()));
            return;
        }
        String difference = AlertTopic.difference(expected, found);
        String numbers = expected.stream().map(alerts -> "" + alerts.size()).collect(Collectors.joining(" and "));
        expect(
                difference.isEmpty(),
                found.size() + " alerts against " + numbers + " of the undisturbed:\n" + difference);
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            differences.add(otherwise);
        }
    }

    private static String first(List<String> wrong) {
        return wrong.stream().limit(5).collect(Collectors.joining("; "));
    }
}
