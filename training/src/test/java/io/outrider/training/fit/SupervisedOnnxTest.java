package io.outrider.training.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.Model;
import io.outrider.core.model.SplitMix;
import io.outrider.core.model.TreeEnsemble;
import io.outrider.core.pace.Pace;
import io.outrider.lake.model.ModelFiles;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SupervisedOnnxTest {

    private static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    private static final TrainingSettings SETTINGS = TrainingSettings.read(ConfigFactory.load());
    private static final long MINUTE_MS = 60_000;
    private static final int ROWS = 10_000;

    private final SplitMix random = new SplitMix(3);

    /** A tenth of the values is missing; a fraud's are larger. */
    private double[] vector(boolean fraud) {
        double[] vector = new double[PLAN.size()];
        Arrays.setAll(vector, column -> random.nextInt(10) == 0 ? Double.NaN : random.nextDouble() * (fraud ? 1.1 : 1));
        return vector;
    }

    private Model model() {
        TrainingRows rows = new TrainingRows(PLAN.size(), new TrainingRows.Known(0, ROWS * MINUTE_MS), SETTINGS);
        for (int i = 0; i < ROWS; i++) {
            boolean fraud = i % 5 == 0;
            rows.add(vector(fraud), new Transaction("t" + i, "a", 1, i * MINUTE_MS, null, null, null, null, fraud));
        }
        return new ModelFit(SETTINGS, PLAN, 1, Pace.FULL)
                .fit(rows, ModelKind.SUPERVISED)
                .model();
    }

    /** Exactly at a threshold of the trees. */
    private float[] row(TreeEnsemble trees) {
        double[] vector = vector(random.nextInt(2) == 0);
        float[] row = new float[trees.inputs()];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) vector[i];
        }
        int node = trees.root(random.nextInt(trees.trees()));
        row[trees.feature(node)] = trees.threshold(node);
        return row;
    }

    /** It adds a model's 300 trees up in 32 bits, and in an order of its own; a wrong branch would make more of a difference. */
    @Test
    void onnxRuntimeScoresTheSameFileAlikeButForItsRounding() throws OrtException {
        Model model = model();
        TreeEnsemble trees = model.fused().ensembles().get(0).trees();
        float[][] rows = new float[ROWS][];
        Arrays.setAll(rows, i -> row(trees));
        float[] theirs = score(ModelFiles.content(model).trees(), rows);
        for (int i = 0; i < rows.length; i++) {
            double ours = trees.score(rows[i]);
            assertThat(ours).isEqualTo(theirs[i], within(1e-5));
            assertThat(probability(ours)).isEqualTo(probability(theirs[i]), within(1e-6));
        }
    }

    private static double probability(double logOdds) {
        return 1 / (1 + Math.exp(-logOdds));
    }

    private static float[] score(byte[] onnx, float[][] rows) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(onnx);
                OnnxTensor tensor = OnnxTensor.createTensor(environment, rows);
                OrtSession.Result result = session.run(Map.of("gradient_boosting_features", tensor))) {
            float[][] columns = (float[][]) result.get(0).getValue();
            float[] scores = new float[columns.length];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = columns[i][0];
            }
            return scores;
        }
    }
}
