package io.outrider.training.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Card Precision@k (Le Borgne et al., "Reproducible Machine Learning for Credit Card Fraud Detection", 2022): what
 * investigators find who can look at k accounts a day. Each UTC day, accounts are ranked by their highest score of the
 * day; the day's precision is the share of frauds (accounts with a fraudulent transaction that day) among the first k.
 * Accounts found once are left out on later days. The result is the mean over the days. Accounts of equal score come in
 * the order of their names.
 *
 * <p>Rows are fed in event order. Belongs to one thread.
 */
public final class CardPrecision {

    private static final long DAY_MS = 86_400_000;

    private final int k;
    private final Set<String> found = new HashSet<>();
    private final Map<String, Day> accounts = new HashMap<>();
    private long day = Long.MIN_VALUE;
    private int days;
    private double sum;

    public CardPrecision(int k) {
        this.k = k;
    }

    /** An account's day. */
    private static final class Day {
        private final String account;
        private double highest = Double.NEGATIVE_INFINITY;
        private boolean fraud;

        Day(String account) {
            this.account = account;
        }
    }

    public void add(long eventTimeMs, String account, double score, boolean fraud) {
        long today = Math.floorDiv(eventTimeMs, DAY_MS);
        if (today != day) {
            endDay();
            day = today;
        }
        Day entry = accounts.computeIfAbsent(account, Day::new);
        entry.highest = Math.max(entry.highest, score);
        entry.fraud |= fraud;
    }

    /** The mean over the days fed so far, the last one taken as complete; NaN without any. */
    public double mean() {
        endDay();
        return days == 0 ? Double.NaN : sum / days;
    }

    private void endDay() {
        if (accounts.isEmpty()) {
            return;
        }
        List<Day> ranked = new ArrayList<>(accounts.values());
        ranked.removeIf(entry -> found.contains(entry.account));
        ranked.sort(Comparator.comparingDouble((Day entry) -> -entry.highest).thenComparing(entry -> entry.account));
        int frauds = 0;
        for (Day entry : ranked.subList(0, Math.min(k, ranked.size()))) {
            if (entry.fraud) {
                frauds++;
                found.add(entry.account);
            }
        }
        sum += frauds / (double) k;
        days++;
        accounts.clear();
    }
}
