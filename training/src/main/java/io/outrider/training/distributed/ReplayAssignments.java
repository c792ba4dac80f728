package io.outrider.training.distributed;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which orders of a run wait, which worker has which, one at a time, and what became of them. An order is done by whoever
 * says so first: two that work on the same write the same. For one thread.
 *
 * @param <W> a worker
 */
final class ReplayAssignments<W> {

    /** So often an order is given out; one that kills or fails every node that it is on must come to an end. */
    static final int MOST_ATTEMPTS = 3;

    private final Function<W, String> nodes;
    private final Map<String, Share> left = new LinkedHashMap<>();
    private final Set<W> workers = new LinkedHashSet<>();

    /** Workers that were lost: none of them is given anything until it has ended what it had. */
    private final Set<W> silent = new HashSet<>();

    private final Map<W, Share> held = new LinkedHashMap<>();
    private final Map<W, String> refusals = new LinkedHashMap<>();
    private final Set<String> busied = new HashSet<>();
    private @Nullable Failure failure;

    /** An order to be given to a worker. */
    record Given<W>(W worker, ReplayOrder order) {}

    /** Why the run can't go on. */
    record Failure(String why, boolean hopeless) {}

    /** An order that is not done. */
    private final class Share {
        final ReplayOrder order;
        final Set<W> failedOn = new HashSet<>();
        int attempts;
        String why = "";

        Share(ReplayOrder order) {
            this.order = order;
        }
    }

    /**
     * Nothing is given out yet.
     *
     * @param nodes which node a worker is on
     */
    ReplayAssignments(List<ReplayOrder> orders, Function<W, String> nodes) {
        this.nodes = nodes;
        orders.forEach(order -> left.put(order.folder(), new Share(order)));
    }

    /** These workers there are; what others had waits again. */
    void workers(Set<W> now) {
        for (W gone : List.copyOf(held.keySet())) {
            if (!now.contains(gone)) {
                lost(gone);
            }
        }
        workers.clear();
        workers.addAll(now);
        silent.clear();
    }

    /** A worker was not heard of for too long: what it had waits again, and for others first. */
    void lost(W worker) {
        Share share = held.remove(worker);
        if (workers.remove(worker)) {
            silent.add(worker);
        }
        if (share != null) {
            again(share, worker, "lost on node " + nodes.apply(worker));
        }
    }

    /** Whether a worker was lost and has not ended since what it had. */
    boolean isSilent(W worker) {
        return silent.contains(worker);
    }

    void ended(W worker, String folder, ReplayOutcome outcome) {
        if (outcome instanceof ReplayOutcome.Done) {
            left.remove(folder);
        }
        if (silent.remove(worker)) {
            workers.add(worker);
        }
        Share of = held.get(worker);
        if (of == null || !of.order.folder().equals(folder)) {
            return; // taken from it before
        }
        held.remove(worker);
        if (outcome instanceof ReplayOutcome.Refused refused) {
            refusals.put(worker, refused.why());
            of.attempts--; // it has not begun
        } else if (outcome instanceof ReplayOutcome.Failed failed) {
            if (failed.hopeless()) {
                failure = new Failure(failed.why(), true);
            }
            again(of, worker, failed.why());
        }
    }

    private void again(Share share, W worker, String why) {
        share.failedOn.add(worker);
        share.why = why;
        if (share.attempts >= MOST_ATTEMPTS && failure == null && left.containsKey(share.order.folder())) {
            failure = new Failure(why + ", the last of " + share.attempts + " attempts", false);
        }
    }

    /** Gives orders that wait to workers that have none, on the nodes that have fewest first. */
    List<Given<W>> next() {
        List<Given<W>> given = new ArrayList<>();
        while (failure == null) {
            Optional<Given<W>> one = one();
            if (one.isEmpty()) {
                break;
            }
            given.add(one.get());
        }
        if (failure == null && held.isEmpty() && !left.isEmpty() && !workers.isEmpty()) {
            Share first = left.values().iterator().next();
            failure = new Failure(
                    first.why.isEmpty() ? refusals.values().iterator().next() : first.why, false);
        }
        return given;
    }

    private Optional<Given<W>> one() {
        List<W> free = workers.stream()
                .filter(worker -> !held.containsKey(worker) && !refusals.containsKey(worker))
                .sorted(Comparator.comparingLong(this::heldOnNodeOf))
                .toList();
        for (W worker : free) {
            Iterator<Share> waiting = left.values().stream()
                    .filter(share -> !held.containsValue(share) && !share.failedOn.contains(worker))
                    .iterator();
            if (waiting.hasNext()) {
                Share share = waiting.next();
                share.attempts++;
                held.put(worker, share);
                busied.add(nodes.apply(worker));
                return Optional.of(new Given<>(worker, share.order));
            }
        }
        return Optional.empty();
    }

    private long heldOnNodeOf(W worker) {
        String node = nodes.apply(worker);
        return held.keySet().stream()
                .filter(other -> nodes.apply(other).equals(node))
                .count();
    }

    Set<W> holders() {
        return Set.copyOf(held.keySet());
    }

    /** Orders that are not done. */
    int left() {
        return left.size();
    }

    /** How many nodes have been given something so far. */
    int nodes() {
        return busied.size();
    }

    /** Why the run can't go on; empty while it can. */
    Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }
}
