package io.outrider.training.etl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeatureState;
import io.outrider.core.risk.MerchantRiskLedger;
import io.outrider.core.risk.Verdict;
import io.outrider.training.dataset.DatasetManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merchants' features in a historical import: what a declared delay says was known of them at each record. */
class DeclaredRiskTest {

    @TempDir
    private Path folder;

    @TempDir
    private Path disk;

    private RiskWorld world;

    @BeforeEach
    void open() throws IOException {
        world = new RiskWorld(folder, disk);
    }

    @Test
    void anImportKnowsOfMerchantsWhatAnEvaluationDoes() throws IOException {
        EtlRisk.Declared declared = new EtlRisk.Declared(Duration.ofDays(1), 1_000);
        world.log.write(0, 0.3, 1);
        DatasetManifest first = world.run(declared).orElseThrow();
        assertThat(first.ledger()).isNotNull();
        world.log.write(0.3, 1, 2);
        DatasetManifest last = world.run(declared).orElseThrow();
        assertThat(last.total().rows()).isEqualTo(300);
        assertThat(last.origin().labelDelay()).contains(Duration.ofDays(1));

        // The versions cut the log by partitions, not by time: the plain fold takes both parts one after the other.
        Map<String, String> expected = new TreeMap<>();
        MerchantRiskLedger ledger = new MerchantRiskLedger(1_000);
        Map<String, FeatureState> states = new HashMap<>();
        foldDeclared(0, 0.3, ledger, states, expected);
        foldDeclared(0.3, 1, ledger, states, expected);
        assertThat(world.rows(last)).isEqualTo(expected);
        assertThatThrownBy(() -> world.run(world.inForce(false))).hasMessageContaining("give another name");
    }

    private void foldDeclared(
            double from,
            double to,
            MerchantRiskLedger ledger,
            Map<String, FeatureState> states,
            Map<String, String> rows) {
        int[] next = new int[RawLog.PARTITIONS];
        for (int partition = 0; partition < next.length; partition++) {
            next[partition] = (int) (from * world.log.size(partition));
        }
        double[] vector = new double[RiskWorld.PLAN.size()];
        while (true) {
            int least = -1;
            for (int partition = 0; partition < next.length; partition++) {
                boolean any = next[partition] < (int) (to * world.log.size(partition));
                if (any
                        && (least < 0
                                || world.event(partition, next[partition]).eventTimeMs()
                                        < world.event(least, next[least]).eventTimeMs())) {
                    least = partition;
                }
            }
            if (least < 0) {
                return;
            }
            Transaction event = world.event(least, next[least]);
            FeatureState state = RiskWorld.state(states, event);
            ledger.advanceTo(event.eventTimeMs());
            RiskWorld.PLAN.apply(state, event, ledger, vector);
            rows.put(least + "/" + next[least]++, Arrays.toString(vector));
            ledger.transaction(event.merchant(), event.eventTimeMs());
            ledger.verdict(new Verdict(
                    event.account(),
                    event.merchant(),
                    event.eventTimeMs(),
                    Boolean.TRUE.equals(event.fraud()),
                    !state.surgedAt(event.eventTimeMs()),
                    event.eventTimeMs() + 86_400_000));
        }
    }
}
