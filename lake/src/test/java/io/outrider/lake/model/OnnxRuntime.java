package io.outrider.lake.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.Map;

/** The independent scorer. */
final class OnnxRuntime {

    private OnnxRuntime() {}

    /** The named output, one value per row, for rows of the named input. */
    static float[] score(byte[] onnx, String input, String output, float[][] rows) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(onnx);
                OnnxTensor tensor = OnnxTensor.createTensor(environment, rows);
                OrtSession.Result result = session.run(Map.of(input, tensor))) {
            float[][] columns = (float[][]) result.get(output).orElseThrow().getValue();
            float[] scores = new float[columns.length];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = columns[i][0];
            }
            return scores;
        }
    }
}
