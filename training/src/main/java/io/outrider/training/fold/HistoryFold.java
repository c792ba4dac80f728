package io.outrider.training.fold;

import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.feature.FeatureState;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.lake.files.TransactionFiles;
import io.outrider.lake.files.TransactionReader;
import io.outrider.training.evaluation.JsonText;
import io.outrider.training.fit.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The state of every account after a history, folded event by event. Belongs to one thread.
 *
 * <p>The state hash is the SHA-256 of one line per account, in the order of the account names, of the account's name, a
 * blank and the hex SHA-256 of its encoded feature state: equal exactly when every account's state is.
 */
public final class HistoryFold {

    private static final long PROGRESS_EVERY = 10_000;

    private final FeaturePlan plan;
    private final Map<String, FeatureState> accounts = new TreeMap<>();
    private long events;

    private HistoryFold(FeaturePlan plan) {
        this.plan = plan;
    }

    /**
     * What a history folds to.
     *
     * @param events accepted events
     * @param rejected rows that were no valid events
     * @param amountTotal sum of all amounts
     * @param stateHash lower-case hex, see above
     * @param accounts every account, by name
     */
    public record Outcome(
            long events, long rejected, double amountTotal, String stateHash, List<FoldedAccount> accounts) {

        public Outcome {
            accounts = List.copyOf(accounts);
        }

        /** Everything but the single accounts as JSON, for scripts. */
        public String toJson() {
            return JsonText.object(json -> {
                json.writeNumberField("accounts", accounts.size());
                json.writeNumberField("events", events);
                json.writeNumberField("rejected", rejected);
                JsonText.number(json, "amountTotal", amountTotal);
                json.writeStringField("stateHash", stateHash);
            });
        }
    }

    /** Folds the files, in event order, through a plan. */
    public static Outcome of(List<Path> files, FeaturePlan plan, Progress progress) throws IOException {
        HistoryFold fold = new HistoryFold(plan);
        try (TransactionReader reader = TransactionFiles.read(files, plan.schema())) {
            double[] vector = new double[plan.size()];
            while (reader.hasNext()) {
                fold.add(reader.next().transaction(), vector);
                if (fold.events % PROGRESS_EVERY == 0) {
                    progress.at("fold", reader.fractionRead());
                }
            }
            progress.at("fold", 1);
            return fold.outcome(reader.rejected());
        }
    }

    private void add(Transaction event, double[] vector) {
        FeatureState state = accounts.computeIfAbsent(event.account(), account -> plan.newState());
        plan.apply(state, event, MerchantRisk.NONE, vector);
        events++;
    }

    private Outcome outcome(long rejected) {
        MessageDigest all = sha256();
        List<FoldedAccount> folded = new ArrayList<>(accounts.size());
        double sum = 0;
        double lost = 0;
        for (Map.Entry<String, FeatureState> entry : accounts.entrySet()) {
            FeatureState state = entry.getValue();
            String hash = HexFormat.of().formatHex(sha256().digest(plan.encode(state)));
            all.update((entry.getKey() + ' ' + hash + '\n').getBytes(StandardCharsets.UTF_8));
            double amount = state.amountTotal();
            double next = sum + amount; // Neumaier's compensated sum, as the accounts keep theirs
            lost += Math.abs(sum) >= Math.abs(amount) ? sum - next + amount : amount - next + sum;
            sum = next;
            folded.add(new FoldedAccount(
                    entry.getKey(), state.events(), amount, state.firstEventTimeMs(), state.lastEventTimeMs(), hash));
        }
        return new Outcome(events, rejected, sum + lost, HexFormat.of().formatHex(all.digest()), folded);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
