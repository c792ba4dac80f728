package io.outrider.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class JavaCommandTest {

    /** Of {@code sched.h}. */
    private static final String SCHED_IDLE = "5";

    /** Scheduling policy of a process, as of {@code /proc/PID/stat}, field 41; its name, which may contain blanks, is the second. */
    private static String policy(long pid) throws Exception {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[38];
    }

    private static String policyOf(ProcessSettings settings) throws Exception {
        List<String> words = JavaCommand.of(settings, "--version");
        // In place of the program, which would end by itself: what is before it decides how it is scheduled.
        int java = words.indexOf(
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        List<String> command = new ArrayList<>(words.subList(0, java));
        command.addAll(List.of("/bin/sleep", "60"));
        Process process = new ProcessBuilder(command).start();
        try {
            await().until(() -> process.info().command().orElse("").endsWith("sleep"));
            return policy(process.pid());
        } finally {
            process.destroy();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void batchWorkIsIdleByDefaultWhereTheSystemCanDoThat() throws Exception {
        ProcessSettings byDefault = ProcessSettings.from(ConfigFactory.load());
        assertThat(byDefault.idle()).isTrue();
        if (Files.isExecutable(Path.of("/usr/bin/chrt"))) {
            assertThat(policyOf(byDefault)).isEqualTo(SCHED_IDLE);
        }
        assertThat(policyOf(new ProcessSettings(true, false, 19, List.of()))).isEqualTo("0");
    }
}
