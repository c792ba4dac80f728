package io.outrider.training.first;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.feature.FeatureState;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.model.SplitMix;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.training.fit.Progress;
import io.outrider.training.fit.TrainingSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirstModelTest {

    private static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    private static final long START_MS = 1_767_225_600_000L;
    private static final long STEP_MS = 20_000;
    private static final double ORDINARY_SHARE = 0.99;

    /** The seed stream: amounts uniform in 10 to 1,000, one in a hundred uniform in 5,000 to 20,000; 4,001 accounts. */
    private static List<Transaction> uniformStream(int events, long seed) {
        SplitMix random = new SplitMix(seed);
        List<Transaction> stream = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            boolean fraud = random.nextDouble() >= ORDINARY_SHARE;
            double amount = fraud ? 5_000 + 15_000 * random.nextDouble() : 10 + 990 * random.nextDouble();
            stream.add(new Transaction(
                    String.valueOf(100_000 + random.nextInt(900_000)),
                    String.valueOf(1000 + random.nextInt(4001)),
                    Math.round(amount * 100) / 100.0,
                    START_MS + i * STEP_MS,
                    String.valueOf(1 + random.nextInt(100)),
                    List.of("mobile", "desktop", "tablet").get(random.nextInt(3)),
                    "10.0." + random.nextInt(256) + "." + random.nextInt(256),
                    null,
                    fraud));
        }
        return stream;
    }

    private static Model fit(List<Transaction> history) {
        return new FirstModel(PLAN, TrainingSettings.read(ConfigFactory.load()), Progress.NONE)
                .fit(new FirstModel.History(history.iterator(), START_MS, START_MS + history.size() * STEP_MS), 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsEveryAnomalyOfTheSeedStreamAndNothingElse(long seed) {
        List<Transaction> stream = uniformStream(90_000, seed);
        Model model = fit(stream.subList(0, 50_000));
        Map<String, FeatureState> accounts = new HashMap<>();
        double[] vector = new double[PLAN.size()];
        float[] scratch = FusedScore.scratch(PLAN.size());
        int missed = 0;
        int wrong = 0;
        for (int i = 0; i < stream.size(); i++) {
            Transaction event = stream.get(i);
            PLAN.apply(
                    accounts.computeIfAbsent(event.account(), account -> PLAN.newState()),
                    event,
                    MerchantRisk.NONE,
                    vector);
            boolean alert = model.isAnomalous(model.raw(vector, scratch));
            if (i >= 50_000) {
                missed += Boolean.TRUE.equals(event.fraud()) && !alert ? 1 : 0;
                wrong += Boolean.FALSE.equals(event.fraud()) && alert ? 1 : 0;
            }
        }
        assertThat(missed).as("missed").isZero();
        assertThat(wrong).as("false alarms").isZero();
    }

    @Test
    void isTheSameModelForTheSameHistory() {
        List<Transaction> stream = uniformStream(5_000, 4);
        assertThat(fit(stream).manifest().version())
                .isEqualTo(fit(stream).manifest().version());
    }
}
