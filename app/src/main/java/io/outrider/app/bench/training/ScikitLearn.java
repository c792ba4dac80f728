package io.outrider.app.bench.training;

import io.outrider.app.command.CommandException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Scikit-learn in a Python process of its own, which fits and scores when told to. For one thread. */
final class ScikitLearn implements AutoCloseable {

    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter orders;
    private final Path scores;
    private final String version;

    private ScikitLearn(Process process, Path rows, String python) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
        this.scores = rows.resolveSibling(rows.getFileName() + ".scores");
        try {
            this.version = answer();
        } catch (IOException e) {
            close();
            throw new CommandException(
                    "--python " + python + ": it has to have scikit-learn (pip install scikit-learn)", e);
        }
    }

    /**
     * Starts it.
     *
     * @param rows file of 32-bit little-endian rows
     */
    static ScikitLearn start(String python, Path rows, ForestBench.Request request) throws IOException {
        Path script = rows.resolveSibling("scikit-learn.py");
        try (InputStream from = ScikitLearn.class.getResourceAsStream("scikit-learn.py")) {
            if (from == null) {
                throw new IllegalStateException("scikit-learn.py is not among the classes");
            }
            Files.copy(from, script);
        }
        List<String> command = List.of(
                python,
                script.toString(),
                rows.toString(),
                Integer.toString(request.columns()),
                Integer.toString(request.forest().trees()),
                Integer.toString(request.forest().sampleSize()),
                Integer.toString(request.scored()));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new ScikitLearn(process, rows, python);
        } catch (IOException e) {
            throw new CommandException("--python " + python + ": " + e.getMessage(), e);
        }
    }

    String version() {
        return version;
    }

    /** Fits and scores with so many threads. */
    ForestBench.Took turn(int threads) {
        try {
            orders.write(threads + "\n");
            orders.flush();
            String[] seconds = answer().split(" ", 2);
            return new ForestBench.Took(Double.parseDouble(seconds[0]), Double.parseDouble(seconds[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The scores of the last turn. */
    double[] scores() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(scores)).order(ByteOrder.LITTLE_ENDIAN);
        double[] all = new double[bytes.remaining() / Double.BYTES];
        bytes.asDoubleBuffer().get(all);
        return all;
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the Python process ended; what it said is above");
        }
        return line;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
