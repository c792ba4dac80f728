package io.outrider.training.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When runs of a kind are due, as settings say it. */
class KindSettingsTest {

    @Test
    void aBacktestIsNeverDueByItself() {
        KindSettings backtest = settings("").kind("backtest");
        assertThat(backtest.schedule()).isEmpty();
        assertThat(backtest.attempts()).isEqualTo(3);
        assertThat(settings("backtest.attempts = 2").kind("backtest").attempts())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"cron = \"0 * * * *\"", "cron = \"\"", "zone = UTC", "missed-runs = skip", "drift-interval = 1 h"
            })
    void whatWouldScheduleABacktestIsRefusedByName(String setting) {
        String key = setting.substring(0, setting.indexOf(' '));
        assertThatThrownBy(() -> settings("backtest." + setting))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("outrider.supervisor.kinds.backtest." + key
                        + ": has no meaning: such runs are only asked for, by whoever says what they are to do");
    }

    @Test
    void ofAKindThatIsDueAllIsRead() {
        assertThat(settings("etl.cron = \"5 * * * *\"").kind("etl").schedule()).isPresent();
        assertThatThrownBy(() -> settings("etl.cron = hourly"))
                .hasMessageContaining(
                        "outrider.supervisor.kinds.etl.cron: must be five cron fields or empty: 'hourly'");
        assertThatThrownBy(() -> settings("etl { cron = \"5 * * * *\", zone = Mars }"))
                .hasMessageContaining("outrider.supervisor.kinds.etl.zone: must be a time zone");
        assertThatThrownBy(() -> settings("etl.missed-runs = all"))
                .hasMessageContaining("outrider.supervisor.kinds.etl.missed-runs: must be run-once or skip: all");
    }

    private static SupervisorSettings settings(String kinds) {
        return SupervisorSettings.from(ConfigFactory.parseString("outrider.supervisor.kinds { " + kinds + " }")
                .withFallback(ConfigFactory.load()));
    }
}
