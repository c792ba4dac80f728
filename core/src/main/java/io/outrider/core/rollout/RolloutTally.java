package io.outrider.core.rollout;

import io.outrider.core.decision.DecisionWatch;
import io.outrider.core.decision.DetectionContext;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.Model;
import io.outrider.core.rollout.RolloutCounts.Decided;
import io.outrider.core.rollout.RolloutCounts.Shadow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts a node's decisions by context, for {@link RolloutCounts}. An event costs some atomic additions, spread over as many
 * copies of the counters as there are cores, so that threads seldom meet. Thread-safe.
 */
public final class RolloutTally implements DecisionWatch {

    private static final int CANARY = ScoreBins.COUNT;
    private static final int JOINT = 2 * ScoreBins.COUNT;
    private static final int CHAMPION_ALERTS = JOINT + ScoreBins.COUNT * ScoreBins.COUNT;
    private static final int CANARY_ALERTS = CHAMPION_ALERTS + 1;
    private static final int BOTH = CHAMPION_ALERTS + 2;
    private static final int DECIDED_ONLY = CHAMPION_ALERTS + 3;
    private static final int CHALLENGER_ONLY = CHAMPION_ALERTS + 4;
    private static final int CELLS = CHAMPION_ALERTS + 5;

    private final int stripes;
    private final Map<ContextRef, Counters> byContext = new ConcurrentHashMap<>();
    private volatile @Nullable Counters latest;

    private static final class Counters {

        private final ContextRef context;
        private final AtomicLongArray[] stripes;

        /** What was decided under last; with another risk table it is another. */
        private volatile @Nullable ContextRef last;

        Counters(ContextRef context, int stripes) {
            this.context = context;
            this.stripes = new AtomicLongArray[stripes];
            for (int i = 0; i < stripes; i++) {
                this.stripes[i] = new AtomicLongArray(CELLS);
            }
        }

        long sum(int cell) {
            long sum = 0;
            for (AtomicLongArray stripe : stripes) {
                sum += stripe.get(cell);
            }
            return sum;
        }

        long[] sums(int from, int count) {
            long[] sums = new long[count];
            for (int i = 0; i < count; i++) {
                sums[i] = sum(from + i);
            }
            return sums;
        }
    }

    /** @param threads about as many as will count at once */
    public RolloutTally(int threads) {
        this.stripes = Math.max(1, Math.min(threads, 16));
    }

    @Override
    public void decided(Transaction transaction, DetectionContext context, Scores scores) {
        Counters counters = countersOf(context);
        AtomicLongArray cells = counters.stripes[(int) (Thread.currentThread().getId() % counters.stripes.length)];
        Model model = scores.model();
        boolean alert = model.isAnomalous(scores.raw());
        int bin = bin(model, scores.raw());
        boolean byCanary = model == context.canary();
        cells.getAndIncrement(byCanary ? CANARY + bin : bin);
        if (alert) {
            cells.getAndIncrement(byCanary ? CANARY_ALERTS : CHAMPION_ALERTS);
        }
        Model challenger = context.challenger();
        if (challenger != null && !byCanary) {
            boolean challenged = challenger.isAnomalous(scores.challengerRaw());
            cells.getAndIncrement(JOINT + bin * ScoreBins.COUNT + bin(challenger, scores.challengerRaw()));
            if (alert || challenged) {
                cells.getAndIncrement(alert && challenged ? BOTH : alert ? DECIDED_ONLY : CHALLENGER_ONLY);
            }
        }
    }

    private static int bin(Model model, double raw) {
        return ScoreBins.of(model.manifest().calibration().surprise().at(raw));
    }

    private Counters countersOf(DetectionContext context) {
        Counters known = latest;
        if (known != null && context.ref().equals(known.last)) {
            return known;
        }
        Counters found = byContext.computeIfAbsent(context.ref().withRisk(0), key -> new Counters(key, stripes));
        found.last = context.ref();
        latest = found;
        return found;
    }

    /** Forgets what is counted under all contexts but these, which are without a risk table. */
    public void forgetAllBut(Set<ContextRef> contexts) {
        byContext.keySet().removeIf(key -> !contexts.contains(key));
        latest = null;
    }

    /**
     * Everything counted since the start, by context.
     *
     * @param fromMs when the start was
     * @param nowMs the time of this look
     */
    public List<RolloutCounts> counts(long fromMs, long nowMs) {
        List<RolloutCounts> all = new ArrayList<>();
        for (Counters counters : byContext.values()) {
            all.add(new RolloutCounts(
                    counters.context,
                    fromMs,
                    nowMs,
                    new Decided(counters.sum(CHAMPION_ALERTS), counters.sums(0, ScoreBins.COUNT)),
                    new Decided(counters.sum(CANARY_ALERTS), counters.sums(CANARY, ScoreBins.COUNT)),
                    new Shadow(
                            counters.sum(BOTH),
                            counters.sum(DECIDED_ONLY),
                            counters.sum(CHALLENGER_ONLY),
                            counters.sums(JOINT, ScoreBins.COUNT * ScoreBins.COUNT))));
        }
        return all;
    }
}
