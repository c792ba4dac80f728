package io.outrider.detection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.outrider.core.alert.Alert;
import io.outrider.core.event.DeadLetter;
import io.outrider.detection.alert.RecentAlerts;
import io.outrider.detection.entity.Publisher;
import io.outrider.detection.protocol.RaisedAlert;
import io.outrider.detection.protocol.ScoredRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Keeps what is published; acknowledges at once, or only when told to. Outlives the nodes that publish to it. */
final class RecordingOutlet implements Outlet, Publisher, RecentAlerts {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Alerts by id; more than one per id is a contradiction. */
    final Map<String, Set<Alert>> alerts = new ConcurrentHashMap<>();

    /** Scored transactions by id; more than one per id is a contradiction. */
    final Map<String, Set<JsonNode>> scored = new ConcurrentHashMap<>();

    final Set<String> deadLetters = ConcurrentHashMap.newKeySet();
    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Long> firstHeld = new ConcurrentHashMap<>();
    private volatile boolean holding;

    void hold() {
        holding = true;
    }

    void letGo() {
        holding = false;
        for (Runnable next = held.poll(); next != null; next = held.poll()) {
            next.run();
        }
    }

    /** The lowest offset of a partition that something published while holding belongs to. */
    long firstHeld(int partition) {
        return firstHeld.getOrDefault(partition, Long.MAX_VALUE);
    }

    @Override
    public void publish(RaisedAlert alert, Runnable acknowledged) {
        alerts.computeIfAbsent(alert.alert().id(), id -> ConcurrentHashMap.newKeySet())
                .add(alert.alert());
        var position = alert.alert().receipt().position();
        acknowledge(position.partition(), position.offset(), acknowledged);
    }

    @Override
    public void publish(ScoredRecord record, Runnable acknowledged) {
        try {
            JsonNode json = JSON.readTree(record.json());
            scored.computeIfAbsent(json.get("id").textValue(), id -> ConcurrentHashMap.newKeySet())
                    .add(json);
            JsonNode position = json.get("receipt").get("position");
            acknowledge(
                    position.get("partition").intValue(), position.get("offset").longValue(), acknowledged);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void publish(DeadLetter letter, Runnable acknowledged) {
        deadLetters.add(letter.partition() + "/" + letter.offset());
        acknowledge(letter.partition(), letter.offset(), acknowledged);
    }

    private void acknowledge(int partition, long offset, Runnable acknowledged) {
        if (holding) {
            firstHeld.merge(partition, offset, Math::min);
            held.add(acknowledged);
        } else {
            acknowledged.run();
        }
    }

    @Override
    public Publisher publisher() {
        return this;
    }

    @Override
    public RecentAlerts alerts() {
        return this;
    }

    @Override
    public @Nullable String problem() {
        return null;
    }

    @Override
    public void close() {}

    @Override
    public Optional<Alert> find(String id) {
        return Optional.empty();
    }

    @Override
    public Page page(@Nullable String account, @Nullable String cursor, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Flow.Publisher<Item> stream(@Nullable String cursor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Recent recent() {
        throw new UnsupportedOperationException();
    }
}
