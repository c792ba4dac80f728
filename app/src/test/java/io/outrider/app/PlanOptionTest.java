package io.outrider.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanOptionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "node --lake LAKE",
                "simulate --bootstrap 127.0.0.1:1",
                "replay --bootstrap 127.0.0.1:1 history.csv",
                "rekey --bootstrap 127.0.0.1:1",
                "redrive --bootstrap 127.0.0.1:1",
                "fold history.csv",
                "rebuild --bootstrap 127.0.0.1:1 --lake LAKE",
                "etl --lake LAKE",
                "train --reproduce 20260101-a --lake LAKE",
                "models list --lake LAKE",
                "models show 20260101-a --lake LAKE",
                "models stages --lake LAKE",
                "models rollback --lake LAKE",
            })
    void aPlanThatThereIsNotIsNamedBesideThoseThatThereAre(String command, @TempDir Path lake) {
        StringWriter err = new StringWriter();
        String[] words = Arrays.stream((command + " --plan horoscope").split(" "))
                .map(word -> word.equals("LAKE") ? lake.toString() : word)
                .toArray(String[]::new);
        int code = Outrider.commandLine().setErr(new PrintWriter(err, true)).execute(words);
        assertThat(err.toString())
                .startsWith(
                        "outrider: --plan: no feature plan is named 'horoscope', there are network-access, sensor, transactions")
                .hasLineCount(1);
        assertThat(code).isEqualTo(1);
    }
}
