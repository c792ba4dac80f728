package io.outrider.detection.webhook;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.outrider.core.pseudonym.AccountHash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How far an endpoint is: a JSON blob, replaced whole. Accounts stand in it under their hash, so that an erasure finds none
 * there. For one thread.
 */
final class WebhookState {

    /** Alerts that the topic may have again are at most so many back. */
    private static final int KEPT_IDS = 2_000;

    private static final int KEPT_ACCOUNTS = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AccountHash hash;

    private final Map<String, Long> positions = new LinkedHashMap<>();
    private final Set<String> done = new LinkedHashSet<>();
    private final Map<String, Long> lastSentMs = new LinkedHashMap<>();
    private String goneUrl = "";

    /** As stored. */
    private record Stored(
            Map<String, Long> positions, List<String> done, Map<String, Long> lastSentMs, String goneUrl) {}

    WebhookState(AccountHash hash) {
        this.hash = hash;
    }

    /** Reads one; earlier programs wrote accounts by name, which are hashed now. */
    static WebhookState decode(byte[] content, AccountHash hash) throws IOException {
        Stored stored = JSON.readValue(content, Stored.class);
        WebhookState state = new WebhookState(hash);
        state.positions.putAll(stored.positions());
        state.done.addAll(stored.done());
        stored.lastSentMs()
                .forEach((name, at) -> state.lastSentMs.put(AccountHash.isHash(name) ? name : hash.of(name), at));
        state.goneUrl = stored.goneUrl();
        return state;
    }

    byte[] encode() throws IOException {
        return JSON.writeValueAsBytes(new Stored(positions, new ArrayList<>(done), lastSentMs, goneUrl));
    }

    /** Whether nothing was ever read for the endpoint. */
    boolean isNew() {
        return positions.isEmpty();
    }

    /** Next offset of a partition; negative if it has never been read. */
    long position(String generation, int partition) {
        return positions.getOrDefault(generation + "/" + partition, -1L);
    }

    void position(String generation, int partition, long next) {
        positions.put(generation + "/" + partition, next);
    }

    boolean isDone(String alertId) {
        return done.contains(alertId);
    }

    void done(String alertId) {
        done.add(alertId);
        while (done.size() > KEPT_IDS) {
            done.remove(done.iterator().next());
        }
    }

    /** Whether the account's last alert that was sent is less than a period away. */
    boolean isQuiet(String account, long timeMs, long periodMs) {
        Long last = lastSentMs.get(hash.of(account));
        return last != null && Math.abs(timeMs - last) < periodMs;
    }

    void sent(String account, long timeMs) {
        String name = hash.of(account);
        lastSentMs.remove(name);
        lastSentMs.put(name, timeMs);
        while (lastSentMs.size() > KEPT_ACCOUNTS) {
            lastSentMs.remove(lastSentMs.keySet().iterator().next());
        }
    }

    /** Where there is no quiet period, nobody asks. */
    void forgetSent() {
        lastSentMs.clear();
    }

    boolean isGone(String url) {
        return goneUrl.equals(url);
    }

    void gone(String url) {
        goneUrl = url;
    }
}
