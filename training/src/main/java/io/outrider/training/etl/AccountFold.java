package io.outrider.training.etl;

import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.feature.FeatureState;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.lake.checkpoint.AccountBytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The states of accounts as events change them, and the vectors that come of it. In memory are the accounts: those with new
 * events as states, the others encoded. For one thread.
 */
public final class AccountFold {

    private final FeaturePlan plan;
    private final AccountStateCodec codec;
    private final Map<String, AccountState> touched = new HashMap<>();
    private final Map<String, byte[]> carried = new HashMap<>();
    private final double[] vector;
    private boolean late;
    private boolean usual;

    /** Of no account yet. */
    AccountFold(FeaturePlan plan) {
        this.plan = plan;
        this.codec = new AccountStateCodec(plan);
        this.vector = new double[plan.size()];
    }

    /** Takes an account over as it was. */
    void carry(String account, byte[] state) {
        carried.put(account, state);
    }

    /** An account's next event; its vector, which the next call overwrites. */
    public double[] apply(Transaction event, MerchantRisk risk) {
        FeatureState state = state(event.account()).features();
        long lateBefore = state.late();
        plan.apply(state, event, risk, vector);
        late = state.late() > lateBefore;
        usual = !state.surgedAt(event.eventTimeMs());
        return vector;
    }

    /** Whether the last event was older than every window of its account. */
    public boolean late() {
        return late;
    }

    /** Whether the last event's amount was usual for its account. */
    boolean usual() {
        return usual;
    }

    private AccountState state(String account) {
        AccountState state = touched.get(account);
        if (state == null) {
            byte[] bytes = carried.get(account);
            state = bytes == null ? codec.fresh() : codec.decode(bytes);
            touched.put(account, state);
        }
        return state;
    }

    /** In the order of the accounts' names, so that the same states give the same file. */
    public List<AccountBytes> states() {
        TreeSet<String> names = new TreeSet<>(carried.keySet());
        names.addAll(touched.keySet());
        List<AccountBytes> states = new ArrayList<>(names.size());
        for (String name : names) {
            AccountState state = touched.get(name);
            byte[] bytes = state == null ? carried.get(name) : codec.encode(state);
            if (bytes != null) {
                states.add(new AccountBytes(name, bytes));
            }
        }
        return states;
    }
}
