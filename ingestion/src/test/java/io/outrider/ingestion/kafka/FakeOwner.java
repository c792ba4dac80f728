package io.outrider.ingestion.kafka;

import io.outrider.core.event.EventGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.Done;
import org.apache.pekko.stream.javadsl.Sink;
import org.jspecify.annotations.Nullable;

/** Takes groups as detection would: durable at once, from the offset after the last group. */
final class FakeOwner implements PartitionOwner {
    private Map<Integer, Long> ends = Map.of();

    final Map<Integer, Long> durable;
    final List<Set<Integer>> claims = new CopyOnWriteArrayList<>();
    final Map<Integer, List<Long>> claimedAt = new ConcurrentHashMap<>();
    final List<Set<Integer>> releases = new CopyOnWriteArrayList<>();
    final Set<Integer> refused = ConcurrentHashMap.newKeySet();
    final Set<Integer> failing = ConcurrentHashMap.newKeySet();
    final Set<Integer> finished = ConcurrentHashMap.newKeySet();
    CompletionStage<Done> finishing = CompletableFuture.completedFuture(Done.getInstance());
    Runnable onSink = () -> {};
    private final Map<Integer, CompletableFuture<Done>> waiting = new ConcurrentHashMap<>();
    private final List<EventGroup> groups = new ArrayList<>();
    private @Nullable CompletableFuture<Done> gate;
    private int failAfterGroups = Integer.MAX_VALUE;

    FakeOwner() {
        this(new ConcurrentHashMap<>());
    }

    /** @param durable what this one and others have made durable */
    FakeOwner(Map<Integer, Long> durable) {
        this.durable = durable;
    }

    @Override
    public CompletionStage<Map<Integer, Long>> claim(Set<Integer> partitions) {
        claims.add(partitions);
        partitions.forEach(partition -> claimedAt
                .computeIfAbsent(partition, first -> new CopyOnWriteArrayList<>())
                .add(System.nanoTime()));
        if (partitions.stream().anyMatch(refused::contains)) {
            return CompletableFuture.failedFuture(new IllegalStateException("the claim is refused"));
        }
        Map<Integer, Long> offsets = new HashMap<>();
        partitions.forEach(partition -> offsets.put(partition, durable.getOrDefault(partition, 0L)));
        return CompletableFuture.completedFuture(offsets);
    }

    @Override
    public void release(Set<Integer> partitions) {
        partitions.forEach(partition -> {
            CompletableFuture<Done> taking = waiting.remove(partition);
            if (taking != null) {
                taking.completeExceptionally(new IllegalStateException("the partition is released"));
            }
        });
        releases.add(partitions);
    }

    @Override
    public CompletionStage<Done> finish(int partition) {
        finished.add(partition);
        return finishing;
    }

    @Override
    public Sink<EventGroup, CompletionStage<Done>> sink(int partition) {
        onSink.run();
        return org.apache.pekko.stream.javadsl.Flow.of(EventGroup.class)
                .mapAsync(1, this::take)
                .toMat(Sink.ignore(), org.apache.pekko.stream.javadsl.Keep.right());
    }

    private synchronized CompletionStage<Done> take(EventGroup group) {
        if (failing.contains(group.partition())) {
            throw new IllegalStateException("the run is lost");
        }
        if (failAfterGroups-- <= 0) {
            failAfterGroups = Integer.MAX_VALUE;
            throw new IllegalStateException("the run is lost", new IOException("No space left on device"));
        }
        groups.add(group);
        durable.put(group.partition(), group.nextOffset());
        if (gate == null) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        CompletableFuture<Done> taking = gate.thenApply(done -> done);
        waiting.put(group.partition(), taking);
        return taking;
    }

    @Override
    public Map<Integer, Long> committedOffsets() {
        return durable;
    }

    @Override
    public synchronized void logEnds(Map<Integer, Long> offsets) {
        ends = Map.copyOf(offsets);
    }

    /** What the consumer last said. */
    synchronized Map<Integer, Long> logEnds() {
        return ends;
    }

    synchronized void hold() {
        gate = new CompletableFuture<>();
    }

    synchronized void letGo() {
        if (gate != null) {
            gate.complete(Done.getInstance());
            gate = null;
        }
    }

    /** The partition's run is lost while it takes a group, and with it all that was not durable at an offset. */
    void lose(int partition, long durableOffset) {
        durable.put(partition, durableOffset);
        Objects.requireNonNull(waiting.remove(partition))
                .completeExceptionally(new IllegalStateException("the run is lost"));
    }

    synchronized void failAfter(int groupsMore) {
        failAfterGroups = groupsMore;
    }

    synchronized List<EventGroup> groups() {
        return List.copyOf(groups);
    }

    int events() {
        return groups().stream().mapToInt(group -> group.events().size()).sum();
    }

    int deadLetters() {
        return groups().stream().mapToInt(group -> group.deadLetters().size()).sum();
    }
}
