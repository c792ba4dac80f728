package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.outrider.core.account.AccountView;
import io.outrider.core.account.ScoredTransaction;
import io.outrider.core.alert.Alert;
import io.outrider.core.event.Transaction;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How transactions are distributed over a population of accounts, ordinary ones beside flagged ones. Ordinary ones are what
 * the accounts' states still remember of their last transactions; flagged ones are the recent alerts. Belongs to one thread.
 */
final class Population {

    /** Upper bounds of the amounts' bins, exclusive; the last bin has none. */
    private static final double[] AMOUNTS = {
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000
    };

    private static final int NAMES = 15;

    /** The last bin of accounts by devices holds those of more, too. */
    private static final int MOST_DEVICES = 8;

    private final Pair amount = new Pair(AMOUNTS.length + 1);
    private final Pair hour = new Pair(24);
    private final long[] usual = new long[AMOUNTS.length + 1];
    private final Map<String, long[]> merchants = new HashMap<>();
    private final Map<String, long[]> devices = new HashMap<>();
    private final Map<String, Integer> devicesUsed = new HashMap<>();
    private final Set<String> flaggedAccounts = new HashSet<>();
    private int accounts;
    private long ordinary;
    private long flagged;

    private record Pair(long[] ordinary, long[] flagged) {
        Pair(int bins) {
            this(new long[bins], new long[bins]);
        }

        void add(boolean isFlagged, int bin) {
            (isFlagged ? flagged : ordinary)[bin]++;
        }
    }

    void add(AccountView account) {
        accounts++;
        devicesUsed.put(account.account(), Math.min(account.devices(), MOST_DEVICES));
        if (!Double.isNaN(account.usualAmount())) {
            usual[bin(account.usualAmount())]++;
        }
        for (ScoredTransaction transaction : account.recentTransactions()) {
            if (transaction.alertId() == null) {
                ordinary++;
                add(false, transaction.amount(), transaction.eventTimeMs());
                count(merchants, transaction.merchant(), false);
            }
        }
    }

    void add(Alert alert) {
        Transaction transaction = alert.transaction();
        flagged++;
        flaggedAccounts.add(transaction.account());
        add(true, transaction.amount(), transaction.eventTimeMs());
        count(merchants, transaction.merchant(), true);
        count(devices, transaction.device(), true);
    }

    private void add(boolean isFlagged, double money, long atMs) {
        amount.add(isFlagged, bin(money));
        hour.add(isFlagged, Instant.ofEpochMilli(atMs).atOffset(ZoneOffset.UTC).getHour());
    }

    private static int bin(double money) {
        int bin = 0;
        while (bin < AMOUNTS.length && money >= AMOUNTS[bin]) {
            bin++;
        }
        return bin;
    }

    private static void count(Map<String, long[]> names, @Nullable String name, boolean isFlagged) {
        if (name != null) {
            names.computeIfAbsent(name, ignored -> new long[2])[isFlagged ? 1 : 0]++;
        }
    }

    void write(JsonGenerator json, long asOfMs) throws IOException {
        json.writeStartObject();
        Json.time(json, "asOf", asOfMs);
        json.writeNumberField("accounts", accounts);
        json.writeNumberField("ordinary", ordinary);
        json.writeNumberField("flagged", flagged);
        json.writeFieldName("amountBounds");
        json.writeArray(AMOUNTS, 0, AMOUNTS.length);
        pair(json, "amount", amount);
        pair(json, "hour", hour);
        json.writeFieldName("usualAmount");
        json.writeArray(usual, 0, usual.length);
        pair(json, "devicesUsed", byDevices());
        names(json, "merchants", merchants);
        names(json, "devices", devices);
        json.writeEndObject();
    }

    /** Accounts with a recent alert count as flagged ones. */
    private Pair byDevices() {
        var pair = new Pair(MOST_DEVICES + 1);
        devicesUsed.forEach((account, devices) -> pair.add(flaggedAccounts.contains(account), devices));
        return pair;
    }

    private static void pair(JsonGenerator json, String name, Pair pair) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeFieldName("ordinary");
        json.writeArray(pair.ordinary, 0, pair.ordinary.length);
        json.writeFieldName("flagged");
        json.writeArray(pair.flagged, 0, pair.flagged.length);
        json.writeEndObject();
    }

    /** Those with the most flagged transactions, then the most of all. */
    private static void names(JsonGenerator json, String field, Map<String, long[]> names) throws IOException {
        Comparator<Map.Entry<String, long[]>> order = Comparator.comparingLong(entry -> -entry.getValue()[1]);
        List<Map.Entry<String, long[]>> first = names.entrySet().stream()
                .sorted(order.thenComparingLong(entry -> -entry.getValue()[0]).thenComparing(Map.Entry::getKey))
                .limit(NAMES)
                .toList();
        json.writeArrayFieldStart(field);
        for (Map.Entry<String, long[]> name : first) {
            json.writeStartObject();
            json.writeStringField("name", name.getKey());
            json.writeNumberField("ordinary", name.getValue()[0]);
            json.writeNumberField("flagged", name.getValue()[1]);
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
