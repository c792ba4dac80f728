package io.outrider.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class FailedCommandTest {

    private final StringWriter told = new StringWriter();
    private final CommandLine command = Outrider.commandLine().setErr(new PrintWriter(told, true));

    @Test
    void aValueThatASettingRefusesIsToldInOneLine() throws Exception {
        String refusal = "outrider.kafka.consumer.gather-time: must be 0 to 100 ms: PT0.2S";

        assertThat(fail(new IllegalArgumentException(refusal))).isEqualTo(1);

        assertThat(told.toString()).isEqualTo("outrider: " + refusal + System.lineSeparator());
    }

    @Test
    void aMistakeOfTheProgramsKeepsItsTrace() {
        IllegalArgumentException mistake = new IllegalArgumentException("a negative size");

        assertThatThrownBy(() -> fail(mistake)).isSameAs(mistake);
    }

    private int fail(Exception failure) throws Exception {
        return command.getExecutionExceptionHandler().handleExecutionException(failure, command, null);
    }
}
