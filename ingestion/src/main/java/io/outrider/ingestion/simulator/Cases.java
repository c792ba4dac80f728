package io.outrider.ingestion.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The anomalous cases: on each day a seeded number of each kind begins, each with all its events planned. Days are
 * worked out when needed and a few are remembered.
 */
final class Cases {

    private static final int HOURS_A_DAY = 24;
    private static final long MINUTE_MS = 60_000;

    /** The longest case, in days; an hour's events come from cases that began at most this long before. */
    private static final int LONGEST_DAYS = 7;

    private final SimulatorSettings settings;
    private final Behaviour behaviour;
    private final Habits[] accounts;
    private final double eventsPerDay;
    private final Map<Long, List<Draft>> days = new LinkedHashMap<>();

    Cases(SimulatorSettings settings, Behaviour behaviour, Habits[] accounts) {
        this.settings = settings;
        this.behaviour = behaviour;
        this.accounts = accounts;
        double sum = 0;
        for (Habits habits : accounts) {
            sum += habits.eventsPerDay;
        }
        this.eventsPerDay = sum;
    }

    void addHour(long epochHour, List<Draft> drafts) {
        long day = Math.floorDiv(epochHour, HOURS_A_DAY);
        days.keySet().removeIf(old -> old < day - LONGEST_DAYS || old > day);
        long fromMs = epochHour * HabitTraffic.HOUR_MS;
        long toMs = fromMs + HabitTraffic.HOUR_MS;
        for (long start = day - LONGEST_DAYS; start <= day; start++) {
            for (Draft draft : days.computeIfAbsent(start, this::plan)) {
                if (draft.timeMs() >= fromMs && draft.timeMs() < toMs) {
                    drafts.add(draft);
                }
            }
        }
    }

    private List<Draft> plan(long day) {
        List<Draft> drafts = new ArrayList<>();
        for (AnomalyKind kind : AnomalyKind.values()) {
            SimulatorRandom random = SimulatorRandom.of(settings.seed(), 4, kind.number(), day);
            double mean = eventsPerDay * settings.anomalyShare() * kind.share() / kind.eventsEach();
            int n = Math.min(random.poisson(Math.min(mean, 500)), 2_000);
            for (int i = 0; i < n; i++) {
                begin(kind, day * HOURS_A_DAY * HabitTraffic.HOUR_MS, random, drafts);
            }
        }
        return drafts;
    }

    private void begin(AnomalyKind kind, long dayMs, SimulatorRandom random, List<Draft> drafts) {
        int account = random.nextInt(accounts.length);
        long startMs = dayMs + (long) (random.nextDouble() * HOURS_A_DAY * HabitTraffic.HOUR_MS);
        switch (kind) {
            case AMOUNT_SPIKE -> spike(account, startMs, random, drafts);
            case BURST -> burst(account, startMs, random, drafts);
            case TAKEOVER -> takeover(account, startMs, random, drafts);
            case COMPROMISED_MERCHANT -> compromisedMerchant(dayMs, random, drafts);
            case SLOW_DRAIN -> slowDrain(account, dayMs, random, drafts);
        }
    }

    private void spike(int account, long timeMs, SimulatorRandom random, List<Draft> drafts) {
        Habits habits = accounts[account];
        double factor = random.between(behaviour.spikeFrom(), behaviour.spikeTo());
        int merchant = random.nextInt(settings.merchants());
        drafts.add(own(AnomalyKind.AMOUNT_SPIKE, account, timeMs, merchant, amount(habits, random, factor)));
    }

    private void burst(int account, long startMs, SimulatorRandom random, List<Draft> drafts) {
        Habits habits = accounts[account];
        int n = 9 + random.nextInt(11);
        int merchant = random.nextInt(settings.merchants());
        long timeMs = startMs;
        for (int i = 0; i < n; i++) {
            drafts.add(own(AnomalyKind.BURST, account, timeMs, merchant, amount(habits, random, 0.8)));
            timeMs += 5_000 + random.nextInt(50_000);
        }
    }

    private void takeover(int account, long startMs, SimulatorRandom random, List<Draft> drafts) {
        Habits habits = accounts[account];
        String device = Habits.device(random, behaviour);
        String network = Habits.network(random);
        int n = 3 + random.nextInt(3);
        long timeMs = startMs;
        for (int i = 0; i < n; i++) {
            int merchant = random.nextInt(settings.merchants());
            double amount = amount(habits, random, random.between(3, 8));
            drafts.add(new Draft(timeMs, account, merchant, amount, device, network, AnomalyKind.TAKEOVER));
            timeMs += 2 * MINUTE_MS + random.nextInt((int) (30 * MINUTE_MS));
        }
    }

    private void compromisedMerchant(long dayMs, SimulatorRandom random, List<Draft> drafts) {
        int merchant = random.nextInt(settings.merchants());
        for (int day = 0; day < LONGEST_DAYS; day++) {
            int n = random.poisson(AnomalyKind.COMPROMISED_MERCHANT.eventsEach() / LONGEST_DAYS);
            for (int i = 0; i < n; i++) {
                int account = random.nextInt(accounts.length);
                long timeMs = daytime(dayMs, day, random);
                double amount = amount(accounts[account], random, 1);
                drafts.add(own(AnomalyKind.COMPROMISED_MERCHANT, account, timeMs, merchant, amount));
            }
        }
    }

    private void slowDrain(int account, long dayMs, SimulatorRandom random, List<Draft> drafts) {
        int merchant = random.nextInt(settings.merchants());
        for (int day = 0; day < 5; day++) {
            for (int i = 0; i < 5; i++) {
                double amount = amount(accounts[account], random, 1.8);
                drafts.add(own(AnomalyKind.SLOW_DRAIN, account, daytime(dayMs, day, random), merchant, amount));
            }
        }
    }

    private static long daytime(long dayMs, int day, SimulatorRandom random) {
        return dayMs + (long) ((day * HOURS_A_DAY + random.between(8, 23)) * HabitTraffic.HOUR_MS);
    }

    private double amount(Habits habits, SimulatorRandom random, double factor) {
        return habits.amount(random, factor, behaviour.amountDecimals());
    }

    /** An event on the account's own device and network. */
    private Draft own(AnomalyKind kind, int account, long timeMs, int merchant, double amount) {
        Habits habits = accounts[account];
        return new Draft(timeMs, account, merchant, amount, habits.devices[0], habits.networks[0], kind);
    }
}
