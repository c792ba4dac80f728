package io.outrider.ingestion.simulator;

import io.outrider.core.event.EventSchema;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Accounts that follow their habits hour by hour, with anomalous cases among them. */
final class HabitTraffic implements Traffic {

    static final long HOUR_MS = 3_600_000;

    private static final Comparator<Draft> IN_ORDER = Comparator.comparingLong(Draft::timeMs)
            .thenComparingInt(Draft::account)
            .thenComparingDouble(Draft::amount);

    private final SimulatorSettings settings;
    private final Behaviour behaviour;
    private final Habits[] accounts;
    private final Cases cases;
    private final TransactionEncoder encoder;

    HabitTraffic(SimulatorSettings settings, Behaviour behaviour, EventSchema schema) {
        this.settings = settings;
        this.behaviour = behaviour;
        this.accounts = new Habits[settings.accounts()];
        for (int i = 0; i < accounts.length; i++) {
            accounts[i] = new Habits(settings.seed(), i, settings, behaviour);
        }
        this.cases = new Cases(settings, behaviour, accounts);
        this.encoder = new TransactionEncoder(schema);
    }

    @Override
    public long sliceMs() {
        return HOUR_MS;
    }

    @Override
    public List<SimulatedEvent> slice(long epochHour) {
        List<Draft> drafts = new ArrayList<>();
        for (int account = 0; account < accounts.length; account++) {
            ordinary(account, epochHour, drafts);
        }
        cases.addHour(epochHour, drafts);
        drafts.sort(IN_ORDER);
        List<SimulatedEvent> events = new ArrayList<>(drafts.size());
        for (int i = 0; i < drafts.size(); i++) {
            events.add(event(drafts.get(i), id(epochHour, i)));
        }
        return events;
    }

    private static String id(long epochHour, int index) {
        return "T" + Long.toString(epochHour, 36).toUpperCase(Locale.ROOT) + "-" + index;
    }

    private void ordinary(int account, long epochHour, List<Draft> drafts) {
        Habits habits = accounts[account];
        SimulatorRandom random = SimulatorRandom.of(settings.seed(), 2, account, epochHour);
        int n = random.poisson(habits.expected(epochHour));
        for (int i = 0; i < n; i++) {
            long timeMs = epochHour * HOUR_MS + random.nextInt((int) HOUR_MS);
            boolean unfamiliar = random.chance(behaviour.unfamiliarShare());
            int merchant = unfamiliar
                    ? random.skewed(settings.merchants())
                    : habits.favourites[random.skewed(habits.favourites.length)];
            double amount = habits.amount(random, merchantFactor(merchant), behaviour.amountDecimals());
            String device = habits.devices[random.skewed(habits.devices.length)];
            String network = random.chance(behaviour.foreignNetworkShare())
                    ? Habits.network(random)
                    : habits.networks[random.skewed(habits.networks.length)];
            drafts.add(new Draft(timeMs, account, merchant, amount, device, network, null));
        }
    }

    /** A merchant's own price level. */
    private double merchantFactor(int merchant) {
        return SimulatorRandom.of(settings.seed(), 3, merchant).logNormal(1, 0.3);
    }

    private SimulatedEvent event(Draft draft, String id) {
        Transaction transaction = new Transaction(
                id,
                accounts[draft.account()].account,
                draft.amount(),
                draft.timeMs(),
                behaviour.merchantPrefix() + draft.merchant(),
                draft.device(),
                draft.network(),
                null,
                draft.anomaly() != null);
        return new SimulatedEvent(transaction, draft.anomaly(), encoder.encode(transaction));
    }
}
