package io.outrider.http.traffic;

import io.outrider.http.problem.Problem;
import io.outrider.http.problem.ProblemException;
import io.outrider.http.problem.ProblemType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Token buckets, one for each caller: a caller may ask {@code burst} times at once, and as often as the rate fills the bucket
 * again. Each node counts by itself. Buckets of callers long unseen are forgotten, which only makes them full. Thread-safe.
 */
public final class RateLimit {

    private static final int MAX_CALLERS = 10_000;
    private static final double NANOS = 1e9;

    private final double perSecond;
    private final int burst;
    private final LongSupplier nanoTime;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MAX_CALLERS;
        }
    };

    private static final class Bucket {
        private double tokens;
        private long filledAt;

        Bucket(double tokens, long filledAt) {
            this.tokens = tokens;
            this.filledAt = filledAt;
        }
    }

    public RateLimit(TrafficSettings settings, LongSupplier nanoTime) {
        this.perSecond = settings.requestsPerSecond();
        this.burst = settings.burst();
        this.nanoTime = nanoTime;
    }

    /** Takes one request of the caller's; throws {@link ProblemException}, with {@code Retry-After}, if there is none left. */
    public void take(String caller) {
        if (perSecond == 0) {
            return;
        }
        double missing = missing(caller);
        if (missing > 0) {
            long seconds = Math.max(1, (long) Math.ceil(missing / perSecond));
            throw new ProblemException(Problem.of(
                            ProblemType.RATE_LIMITED,
                            "More than " + burst + " requests at once, or " + perSecond + " a second in the long run.")
                    .withHeader("Retry-After", Long.toString(seconds)));
        }
    }

    private synchronized double missing(String caller) {
        long now = nanoTime.getAsLong();
        Bucket bucket = buckets.computeIfAbsent(caller, unseen -> new Bucket(burst, now));
        bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.filledAt) / NANOS * perSecond);
        bucket.filledAt = now;
        if (bucket.tokens < 1) {
            return 1 - bucket.tokens;
        }
        bucket.tokens--;
        return 0;
    }
}
