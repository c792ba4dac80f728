package io.outrider.app.bench.world;

import io.outrider.core.event.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;

/**
 * Transactions of many accounts, in event order and evenly over a stretch of time: log-normal amounts around a level of
 * each account's own, a few merchants and devices each, and a few events at thirty times the level. The same seed gives
 * the same events.
 */
public final class BenchTraffic implements Iterator<Transaction> {

    /** Share of the events that are anomalies. */
    private static final double ANOMALOUS = 0.002;

    private static final double ANOMALOUS_TIMES = 30;
    private static final String[] DEVICES = {"mobile", "desktop", "tablet", "pos"};

    private final SplittableRandom random;
    private final AccountDraw accounts;
    private final long events;
    private final String ids;
    private final long fromMs;
    private final double stepMs;
    private final double anomalous;
    private long sent;

    /** Traffic with one anomaly in five hundred. */
    public BenchTraffic(long seed, AccountDraw accounts, long events, Instant until, Duration span) {
        this(seed, accounts, events, until, span, ANOMALOUS);
    }

    /**
     * Traffic of a stretch of time.
     *
     * @param until event time at which it ends
     * @param span how much event time it covers
     * @param anomalous share of the events that are anomalies, 0 to 1
     */
    public BenchTraffic(long seed, AccountDraw accounts, long events, Instant until, Duration span, double anomalous) {
        this.random = new SplittableRandom(seed);
        this.ids = "t" + seed + "-";
        this.accounts = accounts;
        this.events = events;
        this.fromMs = until.minus(span).toEpochMilli();
        this.stepMs = (double) span.toMillis() / events;
        this.anomalous = anomalous;
    }

    @Override
    public boolean hasNext() {
        return sent < events;
    }

    @Override
    public Transaction next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int account = accounts.next(random);
        long eventTimeMs = fromMs + (long) (sent * stepMs);
        sent++;
        return event(random, ids + sent, account, eventTimeMs, anomalous);
    }

    /** Which event of this traffic has an id, from 1; 0 if none has. */
    public long numberOf(String transactionId) {
        return transactionId.startsWith(ids) ? Long.parseLong(transactionId.substring(ids.length())) : 0;
    }

    /** An event as the account with a number has them; an anomaly with a probability. */
    public static Transaction event(
            SplittableRandom random, String id, int account, long eventTimeMs, double anomalous) {
        double level = 10 * Math.exp(3 * fraction(account));
        double amount = level * Math.exp(0.4 * random.nextGaussian());
        if (random.nextDouble() < anomalous) {
            amount *= ANOMALOUS_TIMES;
        }
        return new Transaction(
                id,
                "user-" + account,
                Math.rint(amount * 100) / 100,
                eventTimeMs,
                "merchant-" + (account * 7 + random.nextInt(12)) % 2000,
                DEVICES[account % 3 + (random.nextInt(20) == 0 ? 1 : 0)],
                "10." + (account >> 8 & 255) + "." + (account & 255) + "." + random.nextInt(3),
                "EUR",
                null);
    }

    /** A number of the account's own, evenly in [0, 1). */
    private static double fraction(int account) {
        return new SplittableRandom(account).nextDouble();
    }
}
