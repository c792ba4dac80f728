package io.outrider.system;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** Outrider commands in processes of their own. */
final class Processes {

    static final Path HOME = Path.of(System.getProperty("outrider.home"));

    private Processes() {}

    static final String OPTIONS = "OUTRIDER_JAVA_OPTS";

    /** For processes that have much to do: code is compiled as it is outside of tests. */
    static final Map<String, String> COMPILED = Map.of(OPTIONS, "-XX:TieredStopAtLevel=4");

    /** Most processes here end before optimised code would have paid for its making. */
    private static final String FAST_START = "-XX:TieredStopAtLevel=1";

    /** Starts a command; its output goes to the log file. */
    static Process outrider(Path log, Map<String, String> environment, List<String> arguments) throws IOException {
        return start(log, environment, List.of(HOME.resolve("outrider").toString()), arguments);
    }

    /** The same with classes in place of the build's, which must be up to date. */
    static Process outrider(Path log, Path classes, Map<String, String> environment, List<String> arguments)
            throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command =
                List.of(java, "-XX:+UseParallelGC", "-Xmx400m", "-cp", classPath(classes), "io.outrider.app.Outrider");
        return start(log, environment, command, arguments);
    }

    /** The build's class path behind a folder of classes. */
    static String classPath(Path first) throws IOException {
        List<String> parts = new ArrayList<>(List.of(first.toString()));
        for (String module : List.of("app", "core", "lake", "ingestion", "detection", "training", "http-api")) {
            parts.add(HOME.resolve(module).resolve("target/classes").toString());
        }
        try (Stream<Path> libraries = Files.list(HOME.resolve("app/target/lib"))) {
            libraries.map(Path::toString).forEach(parts::add); // javac's API knows no asterisk
        }
        return String.join(File.pathSeparator, parts);
    }

    private static Process start(
            Path log, Map<String, String> environment, List<String> program, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(program);
        command.addAll(arguments);
        Files.createDirectories(log.toAbsolutePath().getParent());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        builder.environment().merge(OPTIONS, FAST_START, (given, own) -> own + " " + given);
        return builder.start();
    }

    /** Sends a signal by name, such as {@code STOP}. */
    static void signal(ProcessHandle process, String signal) throws IOException, InterruptedException {
        int result = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (result != 0) {
            throw new IOException("kill -" + signal + " failed with " + result);
        }
    }

    /** Below those that the system gives to outgoing connections, one of which could have it before a process listens on it. */
    static int freePort() {
        return ThreadLocalRandom.current()
                .ints(15_000, 32_000)
                .filter(Processes::isFree)
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
