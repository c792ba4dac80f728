package io.outrider.app.bench.latency;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers alerts as any client first sees them, with when that was; delays of the others are counted from there. For one thread. */
final class AlertNumbers {

    private static final String ID = "\"id\":\"";

    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> ids = new ArrayList<>();
    private final List<Integer> times = new ArrayList<>();
    private final List<Long> firstNanos = new ArrayList<>();
    private final List<Long> delaysMicros = new ArrayList<>();

    /** The number of the alert that an event's data names. */
    int of(String data) {
        int from = data.indexOf(ID) + ID.length();
        String id = data.substring(from, data.indexOf('"', from));
        Integer known = numbers.get(id);
        long now = System.nanoTime();
        if (known != null) {
            times.set(known, times.get(known) + 1);
            delaysMicros.add((now - firstNanos.get(known)) / 1_000);
            return known;
        }
        numbers.put(id, firstNanos.size());
        ids.add(id);
        times.add(1);
        firstNanos.add(now);
        return firstNanos.size() - 1;
    }

    int count() {
        return firstNanos.size();
    }

    /** The id of an alert. */
    String id(int number) {
        return ids.get(number);
    }

    /** How often an alert came, to all clients together. */
    int times(int number) {
        return times.get(number);
    }

    /** When an alert was first seen. */
    long firstNanos(int number) {
        return firstNanos.get(number);
    }

    /** Of all but the first client, sorted. */
    List<Long> delaysMicros() {
        return delaysMicros.stream().sorted().toList();
    }
}
