package io.outrider.detection.store;

import io.outrider.core.alert.AlertFilter.Period;
import io.outrider.core.port.LabelledTransactions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Those alerts and sampled transactions of the store that have a label. Calls block. Thread-safe. */
public final class LabelledCases implements LabelledTransactions {

    private final AlertStore store;

    public LabelledCases(AlertStore store) {
        this.store = store;
    }

    @Override
    public void forEach(Duration back, Consumer<Labelled> taker) throws IOException {
        LakeQuestions.twice(() -> labelled(back)).forEach(taker);
    }

    private List<Labelled> labelled(Duration back) throws IOException {
        List<Labelled> labelled = new ArrayList<>();
        store.cases(store.period(Period.EVER, back), (alert, sampled, label) -> {
            if (label != null && alert != null) {
                labelled.add(new Labelled(alert.receipt(), alert.transaction().eventTimeMs(), true, label.fraud()));
            } else if (label != null && sampled != null) {
                labelled.add(
                        new Labelled(sampled.receipt(), sampled.transaction().eventTimeMs(), false, label.fraud()));
            }
        });
        return labelled;
    }
}
