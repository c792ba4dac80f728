package io.outrider.app.bench.training;

import io.outrider.app.bench.world.Folders;
import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.ForestSettings;
import io.outrider.core.model.IsolationForest;
import io.outrider.core.model.TreeEnsemble;
import io.outrider.training.evaluation.Ranking;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Fits isolation forests on the same rows with this build, in one thread, and with scikit-learn, in one and in two, in turns, so that what
 * else happens on the machine hits all. The first turn of each only warms up. For one thread.
 */
final class ForestBench {

    static final String OUTRIDER = "Outrider, 1 thread";

    private static final int ANOMALY_EVERY = 500;
    private static final int CLUSTERS = 8;

    private final Request request;
    private final Consumer<String> progress;

    /**
     * What to run.
     *
     * @param columns values in a row
     * @param scored how many rows are scored
     * @param python Python with scikit-learn
     */
    record Request(int rows, int columns, ForestSettings forest, int scored, int passes, long seed, String python) {}

    /** Seconds. */
    record Took(double fit, double score) {}

    /**
     * What was measured.
     *
     * @param turns by contender
     * @param auc of the planted anomalies among the rows scored, by contender
     */
    record Result(String scikitLearn, Map<String, List<Took>> turns, Map<String, Double> auc) {}

    /** A fit and its scores. */
    private record Turn(Took took, double[] scores) {}

    @FunctionalInterface
    private interface Contender {
        Turn turn() throws IOException;
    }

    ForestBench(Request request, Consumer<String> progress) {
        this.request = request;
        this.progress = progress;
    }

    Result run() throws IOException {
        Path folder = Files.createTempDirectory("outrider-forest-");
        try {
            progress.accept("making rows");
            Path file = folder.resolve("rows.f32");
            FeatureMatrix rows = rows(file);
            try (ScikitLearn scikitLearn = ScikitLearn.start(request.python(), file, request)) {
                return measure(rows, scikitLearn);
            }
        } finally {
            Folders.delete(folder);
        }
    }

    private Result measure(FeatureMatrix rows, ScikitLearn scikitLearn) throws IOException {
        Map<String, Contender> contenders = new LinkedHashMap<>();
        contenders.put(OUTRIDER, () -> ours(rows));
        for (int threads = 1; threads <= 2; threads++) {
            int jobs = threads;
            contenders.put(
                    "scikit-learn, n_jobs=" + jobs, () -> new Turn(scikitLearn.turn(jobs), scikitLearn.scores()));
        }
        Map<String, List<Took>> turns = new LinkedHashMap<>();
        Map<String, Double> auc = new LinkedHashMap<>();
        for (int pass = 0; pass <= request.passes(); pass++) {
            for (Map.Entry<String, Contender> contender : contenders.entrySet()) {
                System.gc();
                Turn turn = contender.getValue().turn();
                if (pass > 0) {
                    turns.computeIfAbsent(contender.getKey(), first -> new ArrayList<>())
                            .add(turn.took());
                }
                auc.put(contender.getKey(), auc(turn.scores()));
                progress.accept(String.format(
                        "%s: fit %.2f s, score %.2f s%s",
                        contender.getKey(), turn.took().fit(), turn.took().score(), pass == 0 ? " (warming up)" : ""));
            }
        }
        return new Result(scikitLearn.version(), turns, auc);
    }

    private Turn ours(FeatureMatrix rows) {
        int[] columns = IntStream.range(0, request.columns()).toArray();
        long started = System.nanoTime();
        TreeEnsemble forest = IsolationForest.fit(rows, columns, request.forest(), request.seed());
        long fitted = System.nanoTime();
        double[] scores = new double[request.scored()];
        float[] row = new float[request.columns()];
        for (int i = 0; i < scores.length; i++) {
            for (int column = 0; column < row.length; column++) {
                row[column] = (float) rows.value(i, column);
            }
            scores[i] = forest.score(row);
        }
        long done = System.nanoTime();
        return new Turn(new Took((fitted - started) / 1e9, (done - fitted) / 1e9), scores);
    }

    private static double auc(double[] scores) {
        boolean[] anomalous = new boolean[scores.length];
        for (int i = 0; i < anomalous.length; i += ANOMALY_EVERY) {
            anomalous[i] = true;
        }
        return Ranking.of(scores, anomalous).auc();
    }

    /** Normal clusters, and among them values from the whole range; in memory, and in a file for the other. */
    private FeatureMatrix rows(Path file) throws IOException {
        SplittableRandom random = new SplittableRandom(request.seed());
        double[][] centres = new double[CLUSTERS][request.columns()];
        for (double[] centre : centres) {
            for (int column = 0; column < centre.length; column++) {
                centre[column] = random.nextDouble(-4, 4);
            }
        }
        FeatureMatrix rows = new FeatureMatrix(request.columns());
        double[] row = new double[request.columns()];
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * request.columns()).order(ByteOrder.LITTLE_ENDIAN);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < request.rows(); i++) {
                double[] centre = centres[random.nextInt(CLUSTERS)];
                bytes.clear();
                for (int column = 0; column < row.length; column++) {
                    float value = i % ANOMALY_EVERY == 0
                            ? (float) random.nextDouble(-6, 6)
                            : (float) (centre[column] + random.nextGaussian());
                    row[column] = value;
                    bytes.putFloat(value);
                }
                rows.add(row);
                out.write(bytes.array());
            }
        }
        return rows;
    }
}
