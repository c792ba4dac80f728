package io.outrider.app.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command that starts another process of this program, with this one's Java and classes and a smaller heap. */
public final class JavaCommand {

    /** Main class of the program, which knows us, so that we cannot know it but by name. */
    public static final String PROGRAM = "io.outrider.app.Outrider";

    private static final List<String> IDLE = List.of("/usr/bin/chrt", "-i", "0");
    private static final Path NICE = Path.of("/usr/bin/nice");
    private static final long SMALLEST_HEAP_MIB = 256;

    private JavaCommand() {}

    /** Whether a process may be one that works only while no other wants to; asked of the system once, when it is wanted. */
    private static final class MayIdle {

        static final boolean HERE = tried();

        private static boolean tried() {
            List<String> nothing = new ArrayList<>(IDLE);
            nothing.add("true");
            try {
                return Files.isExecutable(Path.of(IDLE.get(0)))
                        && new ProcessBuilder(nothing)
                                        .redirectErrorStream(true)
                                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                        .start()
                                        .waitFor()
                                == 0;
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /**
     * Its words.
     *
     * @param command of the program that the process runs
     */
    public static List<String> of(ProcessSettings settings, String command) {
        List<String> words = new ArrayList<>();
        if (settings.idle() && MayIdle.HERE) {
            words.addAll(IDLE);
        }
        if (settings.niceness() > 0 && Files.isExecutable(NICE)) {
            words.addAll(List.of(NICE.toString(), "-n", Integer.toString(settings.niceness())));
        }
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // What this Java needs to be allowed, and where the program is; heap and collector are the process's own.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--") || option.startsWith("-Doutrider."))
                .forEach(words::add);
        words.add("-Xmx" + heapMib() + "m");
        words.addAll(settings.javaOptions());
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), PROGRAM, command));
        return words;
    }

    private static long heapMib() {
        return Math.max(SMALLEST_HEAP_MIB, Runtime.getRuntime().maxMemory() / (2L << 20));
    }
}
