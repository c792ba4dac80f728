package io.outrider.detection;

import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.EventGroup;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.Rejection;
import io.outrider.core.event.RejectionReason;
import io.outrider.core.event.Transaction;
import io.outrider.detection.protocol.PastLog;
import io.outrider.detection.protocol.SourceLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/** A log in memory, of two partitions: many accounts with ordinary amounts, a few events that are not, some bad ones. */
final class FakeLog implements SourceLog, PastLog {

    static final int PARTITIONS = 2;
    static final long START_MS = 1_700_000_000_000L;

    private final List<List<Object>> partitions = new ArrayList<>();
    private final Random random;
    volatile String generation = "generation-1";

    /** Of which partitions past records cannot be read to the end. */
    volatile IntPredicate pastFails = partition -> false;

    /** Where each partition begins: what lies below has left it. */
    final Map<Integer, Long> starts = new ConcurrentHashMap<>();

    final AtomicInteger pastReads = new AtomicInteger();

    FakeLog(long seed) {
        random = new Random(seed);
        for (int i = 0; i < PARTITIONS; i++) {
            partitions.add(new ArrayList<>());
        }
    }

    static int partitionOf(String account) {
        return Math.floorMod(account.hashCode(), PARTITIONS);
    }

    synchronized FakeLog append(int records) {
        for (int i = 0; i < records; i++) {
            String account = "account-" + random.nextInt(150);
            if (random.nextInt(50) == 0) {
                appendBad(partitionOf(account));
            } else {
                appendFor(account);
            }
        }
        return this;
    }

    synchronized FakeLog appendFor(String account) {
        List<Object> log = partitions.get(partitionOf(account));
        double amount = random.nextInt(100) == 0 ? 90_000 : 10 + random.nextInt(90);
        log.add(new LoggedEvent(
                log.size(),
                time(),
                new Transaction(
                        "t" + total(), account, amount, time(), "merchant-" + total() % 7, null, null, null, null)));
        return this;
    }

    private void appendBad(int partition) {
        List<Object> log = partitions.get(partition);
        Rejection why = new Rejection(RejectionReason.NOT_JSON, "no JSON");
        log.add(new DeadLetter(topic(), partition, log.size(), time(), null, new byte[] {1}, why));
    }

    private int total() {
        return partitions.get(0).size() + partitions.get(1).size();
    }

    private long time() {
        return START_MS + total() * 60_000L;
    }

    synchronized Map<Integer, Long> ends() {
        return Map.of(0, endOffset(0), 1, endOffset(1));
    }

    synchronized List<LoggedEvent> events(int partition) {
        List<LoggedEvent> events = new ArrayList<>();
        for (Object record : partitions.get(partition)) {
            if (record instanceof LoggedEvent event) {
                events.add(event);
            }
        }
        return events;
    }

    synchronized List<DeadLetter> deadLetters(int partition) {
        List<DeadLetter> letters = new ArrayList<>();
        for (Object record : partitions.get(partition)) {
            if (record instanceof DeadLetter letter) {
                letters.add(letter);
            }
        }
        return letters;
    }

    /** What lies from an offset on, in groups. */
    synchronized List<EventGroup> groups(int partition, long from, int size) {
        List<EventGroup> groups = new ArrayList<>();
        List<Object> log = partitions.get(partition);
        for (int start = (int) from; start < log.size(); start += size) {
            List<LoggedEvent> events = new ArrayList<>();
            List<DeadLetter> letters = new ArrayList<>();
            int end = Math.min(log.size(), start + size);
            for (Object record : log.subList(start, end)) {
                if (record instanceof LoggedEvent event) {
                    events.add(event);
                } else if (record instanceof DeadLetter letter) {
                    letters.add(letter);
                }
            }
            groups.add(new EventGroup(partition, events, letters, end));
        }
        return groups;
    }

    @Override
    public void read(int partition, long from, long to, Consumer<EventGroup> taker) throws IOException {
        pastReads.incrementAndGet();
        for (EventGroup group : groups(partition, from, 20)) {
            if (pastFails.test(partition) && group.nextOffset() > 100) {
                throw new IOException("the log is away");
            }
            taker.accept(group);
        }
    }

    @Override
    public String topic() {
        return "transactions";
    }

    @Override
    public String generation() {
        return generation;
    }

    @Override
    public long startOffset(int partition) {
        return starts.getOrDefault(partition, 0L);
    }

    @Override
    public synchronized long endOffset(int partition) {
        return partitions.get(partition).size();
    }
}
