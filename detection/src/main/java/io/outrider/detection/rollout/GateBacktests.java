package io.outrider.detection.rollout;

import io.outrider.core.model.ModelManifest;
import io.outrider.core.port.Backtests;
import io.outrider.core.port.Runs;
import io.outrider.core.rollout.BacktestEvidence;
import io.outrider.core.rollout.PromotionGate;
import io.outrider.core.run.RunCause;
import io.outrider.core.run.RunRequest;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the supervisor for the backtest that the gate wants of a challenger, once the dataset has enough whole days behind the
 * challenger's training data. A run that failed is asked for again over the dataset's next version. Belongs to one thread.
 */
final class GateBacktests {

    private static final Logger LOG = LoggerFactory.getLogger(GateBacktests.class);

    /** Datasets grow by the hour. */
    private static final Duration LOOK = Duration.ofMinutes(1);

    private final Backtesting backtesting;
    private final PromotionGate gate;
    private final Clock clock;
    private Instant next = Instant.MIN;

    GateBacktests(Backtesting backtesting, PromotionGate gate, Clock clock) {
        this.backtesting = backtesting;
        this.gate = gate;
        this.clock = clock;
    }

    /**
     * Asks where there is reason to.
     *
     * @param found the backtest of the two that there is
     */
    void ask(ModelManifest challenger, String champion, @Nullable BacktestEvidence found) throws IOException {
        if (!gate.wantsBacktest(found) || clock.instant().isBefore(next)) {
            return;
        }
        next = clock.instant().plus(LOOK);
        Optional<Backtesting.Version> dataset = backtesting.dataset().newest();
        if (dataset.isEmpty()) {
            return;
        }
        LocalDate fitted = LocalDate.ofInstant(challenger.origin().dataTo(), ZoneOffset.UTC);
        List<LocalDate> later = dataset.get().dates().stream()
                .filter(date -> date.isAfter(fitted))
                .toList();
        int whole = later.size() - 1; // the last one may go on
        if (whole >= gate.minBacktestDays() && (found == null || whole > found.days())) {
            String version = challenger.version();
            String number = Integer.toString(dataset.get().number());
            start(new RunRequest(
                    RunCause.MANUAL,
                    "the gate asks for it before model " + version + " may become champion",
                    Map.of(
                            "model", version,
                            "against", champion,
                            "dataset-version", number,
                            "from", later.get(0).toString(),
                            "to", later.get(whole - 1).toString()),
                    "gate " + version + " " + champion + " " + number));
        }
    }

    private void start(RunRequest request) {
        var unused = backtesting.runs().start(Backtests.KIND, request).whenComplete((answer, failure) -> {
            if (failure != null) {
                LOG.warn("No backtest could be asked for ({}); it is asked for again", request.reason(), failure);
            } else if (answer instanceof Runs.Answer.Accepted accepted) {
                LOG.info("Run {} was asked for: {}", accepted.run().id(), request.reason());
            } else if (!(answer instanceof Runs.Answer.Repeated) && !(answer instanceof Runs.Answer.Busy)) {
                LOG.warn("A backtest was refused: {} ({})", answer, request.reason());
            }
        });
    }
}
