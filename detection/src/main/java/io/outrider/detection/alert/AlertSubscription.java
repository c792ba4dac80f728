package io.outrider.detection.alert;

import io.outrider.core.port.AlertFeed.Item;
import io.outrider.core.port.UnavailableException;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader of the feed: holds a place in the ring and no buffer of its own. A reader who asks for less than arrives
 * falls behind until the ring has overtaken its place, and is then told so. Signals are given one at a time.
 */
final class AlertSubscription implements Flow.Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(AlertSubscription.class);

    private final AlertRing ring;
    private final Map<Integer, Long> from;
    private final Flow.Subscriber<? super Item> subscriber;
    private final Executor executor;
    private final Runnable onEnd;

    private final AtomicLong demand = new AtomicLong();

    /** Calls of {@link #wake} not yet worked off; the first is {@link #open}'s, so that nothing is signalled before. */
    private final AtomicLong work = new AtomicLong(1);

    private final AtomicBoolean ended = new AtomicBoolean();

    private final LongSupplier start;

    /** Next place in the ring, negative before the start is known; only the thread that does the work touches it. */
    private long place = -1;

    private boolean afterGap;

    /**
     * @param start where to start in the ring; negative while that is not known
     * @param from alerts below these offsets are left out; a first alert after a hole is marked. Empty to take all
     */
    AlertSubscription(
            AlertRing ring,
            LongSupplier start,
            Map<Integer, Long> from,
            Flow.Subscriber<? super Item> subscriber,
            Signals signals) {
        this.ring = ring;
        this.start = start;
        this.from = from;
        this.subscriber = subscriber;
        this.executor = signals.executor();
        this.onEnd = signals.onEnd();
    }

    /** Where signals run, and what to do when the subscription has ended. */
    record Signals(Executor executor, Runnable onEnd) {}

    @Override
    public void request(long n) {
        if (n < 1) {
            fail(new IllegalArgumentException("a subscriber must ask for at least one alert"));
            return;
        }
        demand.getAndUpdate(before -> before + n < 0 ? Long.MAX_VALUE : before + n);
        wake();
    }

    @Override
    public void cancel() {
        if (ended.compareAndSet(false, true)) {
            onEnd.run();
        }
    }

    /** Signals may begin: the subscriber has its subscription. */
    void open() {
        execute();
    }

    /** There may be something to do: more alerts, or more demand. */
    void wake() {
        if (work.getAndIncrement() == 0) {
            execute();
        }
    }

    private void execute() {
        try {
            executor.execute(this::signal);
        } catch (RejectedExecutionException e) {
            cancel(); // the node is stopping
        }
    }

    private void signal() {
        try {
            long seen;
            do {
                seen = work.get();
                work();
            } while (work.addAndGet(-seen) != 0);
        } catch (RuntimeException e) {
            LOG.warn("A reader of alerts failed and is let go", e);
            cancel();
        }
    }

    private void work() {
        if (place < 0) {
            place = start.getAsLong();
            if (place < 0) {
                return;
            }
            afterGap = !from.isEmpty() && ring.isBeforeKept(from);
        }
        while (!ended.get() && demand.get() > 0 && advance()) {
            // Each round hands over one alert or passes one by.
        }
        if (!ended.get() && place < ring.start()) {
            fail(new UnavailableException("reader too slow: alerts it has not read are no longer kept"));
        }
    }

    private boolean advance() {
        if (place < ring.start()) {
            return false;
        }
        AlertRing.Entry entry = ring.at(place);
        if (entry == null) {
            return false;
        }
        place++;
        if (entry.offset() >= from.getOrDefault(entry.partition(), 0L)) {
            demand.decrementAndGet();
            Item item = entry.item();
            subscriber.onNext(afterGap ? new Item(item.cursor(), item.alert(), true) : item);
            afterGap = false;
        }
        return true;
    }

    private void fail(RuntimeException failure) {
        if (ended.compareAndSet(false, true)) {
            onEnd.run();
            subscriber.onError(failure);
        }
    }
}
