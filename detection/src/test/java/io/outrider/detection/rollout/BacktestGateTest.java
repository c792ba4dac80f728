package io.outrider.detection.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.outrider.core.backtest.BacktestResult;
import io.outrider.core.model.ContextRef;
import io.outrider.core.rollout.RolloutChange;
import io.outrider.detection.Models;
import io.outrider.lake.rollout.BacktestFiles;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No model becomes champion before a backtest over later data has been made and agrees, where the gate asks for one. */
class BacktestGateTest extends WatchedRollout {

    /** The date of the last event that {@link #LATER} was fitted on. */
    private static final LocalDate FITTED = LocalDate.of(1970, 1, 11);

    @BeforeEach
    void wantTwoDays() throws IOException {
        use("promotion = automatic, gate.min-backtest-days = 2");
        files.save(LATER);
        watch.look();
        told(new ContextRef(CHAMPION, 0, version(LATER), null), decided(USUAL_ALERTS), none(), compared());
        time.pass(Duration.ofHours(1));
    }

    @Test
    void theSupervisorIsAskedOnceThereAreEnoughWholeDaysOfLaterData() throws IOException {
        watch.look();
        assertThat(runs.requests).as("there is no dataset").isEmpty();
        look(4, FITTED.minusDays(1), FITTED, FITTED.plusDays(1), FITTED.plusDays(2));
        assertThat(runs.requests).as("the last day may go on").isEmpty();
        look(5, FITTED, FITTED.plusDays(1), FITTED.plusDays(2), FITTED.plusDays(4), FITTED.plusDays(5));
        assertThat(runs.requests).singleElement().satisfies(request -> {
            assertThat(request.parameters())
                    .isEqualTo(Map.of(
                            "model", version(LATER),
                            "against", CHAMPION,
                            "dataset-version", "5",
                            "from", "1970-01-12",
                            "to", "1970-01-15"));
            assertThat(request.reason())
                    .isEqualTo("the gate asks for it before model " + version(LATER) + " may become champion");
        });
        time.pass(Duration.ofHours(1));
        watch.look();
        assertThat(runs.requests).as("the same again is the same run").hasSize(1);
        look(6, FITTED, FITTED.plusDays(1), FITTED.plusDays(2), FITTED.plusDays(4), FITTED.plusDays(5));
        assertThat(runs.requests).as("it came to nothing").hasSize(2);
        assertThat(stages().champion()).isEqualTo(CHAMPION);
    }

    @Test
    void aChallengerIsPromotedOnceItsBacktestAgrees() throws IOException {
        watch.look();
        assertThat(stages().champion()).isEqualTo(CHAMPION);
        assertThat(refusal())
                .contains(
                        "a backtest against the champion over 2 days behind its training data, with 1000 transactions,"
                                + " is wanted, and there is none");
        found(Map.of(), 1);
        assertThat(refusal()).contains("is wanted, and there is one over 1, with 4000");
        found(Map.of(), 3);
        watch.look();
        assertThat(stages().champion()).isEqualTo(version(LATER));
        assertThat(stages().last().by()).isEqualTo("the gate");
        assertThat(runs.requests).isEmpty();
    }

    @Test
    void aBacktestThatFindsItWorseKeepsItOutButForForce() throws IOException {
        found(Map.of("baseline.against.gain.low", -0.4, "baseline.against.gain.high", -0.2), 2);
        look(5, FITTED.plusDays(1), FITTED.plusDays(2), FITTED.plusDays(3));
        assertThat(runs.requests).as("there is one").isEmpty();
        assertThat(stages().champion()).isEqualTo(CHAMPION);
        assertThat(refusal())
                .endsWith(
                        "in the backtest from 1970-01-12 to 1970-01-13 its average precision is below the champion's by"
                                + " 0.200 at least");
        change(new RolloutChange.Promote(version(LATER), true));
        assertThat(stages().champion()).isEqualTo(version(LATER));
    }

    @Test
    void whatIsPromotedByHandAsksForNoRun() throws IOException {
        use("promotion = manual, gate.min-backtest-days = 2");
        look(5, FITTED.plusDays(1), FITTED.plusDays(2), FITTED.plusDays(3));
        assertThat(runs.requests).isEmpty();
        assertThat(refusal()).contains("and there is none");
        found(Map.of(), 2);
        change(new RolloutChange.Promote(version(LATER), false));
        assertThat(stages().champion()).isEqualTo(version(LATER));
    }

    private String refusal() {
        return String.valueOf(catchThrowable(() -> change(new RolloutChange.Promote(version(LATER), false)))
                .getMessage());
    }

    private void look(int version, LocalDate... dates) throws IOException {
        dataset = Optional.of(new Backtesting.Version(version, List.of(dates)));
        time.pass(Duration.ofMinutes(1));
        watch.look();
    }

    /** A backtest over the day that the model's data end on, and so many behind it. */
    private void found(Map<String, Double> metrics, int later) throws IOException {
        List<BacktestResult.Day> days = new ArrayList<>();
        for (int day = 0; day <= later; day++) {
            days.add(new BacktestResult.Day(FITTED.plusDays(day).toString(), 4_000, day == 0 ? 4_000 : 60, 60, 0, 0));
        }
        BacktestResult.Predicted nothing = new BacktestResult.Predicted(0, 0, 0);
        BacktestResult.Changes changes = new BacktestResult.Changes(0, List.of());
        new BacktestFiles(lake, Models.PLAN.name())
                .keep(
                        new BacktestResult(
                                version(LATER),
                                CHAMPION,
                                4_000L * days.size(),
                                days,
                                nothing,
                                nothing,
                                nothing,
                                metrics,
                                changes,
                                changes,
                                List.of(),
                                1,
                                1),
                        Instant.ofEpochSecond(10 * 86_400));
    }
}
