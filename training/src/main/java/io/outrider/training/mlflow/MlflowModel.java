package io.outrider.training.mlflow;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.core.model.Histogram;
import io.outrider.core.model.Model;
import io.outrider.core.model.Reference;
import io.outrider.core.model.TreePart;
import io.outrider.lake.model.ModelFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model in MLflow's layout, to be loaded by {@code mlflow.pyfunc} and {@code mlflow.onnx} alike. What pyfunc scores is the ONNX file:
 * the sum of each tree ensemble, before the curves, evidence, calibration and threshold, which stand in {@code manifest.json}
 * beside it. {@code example.json} holds inputs with the sums that Outrider itself computes of them.
 */
final class MlflowModel {

    /** The version whose layout this is; later ones read it. */
    private static final String LAYOUT_VERSION = "2.20.0";

    private static final String PYTHON_ENV = """
            python: 3.11.7
            build_dependencies:
            - pip
            dependencies:
            - -r requirements.txt
            """;

    private static final String CONDA = """
            channels:
            - conda-forge
            dependencies:
            - python=3.11.7
            - pip
            - pip:
              - mlflow
              - onnx
              - onnxruntime
            name: mlflow-env
            """;

    private static final String REQUIREMENTS = """
            mlflow
            onnx
            onnxruntime
            """;

    private static final String DESCRIPTION = """
            artifact_path: model
            flavors:
              onnx:
                code: null
                data: model.onnx
                onnx_version: 1.16.0
                providers:
                - CPUExecutionProvider
              python_function:
                data: model.onnx
                env:
                  conda: conda.yaml
                  virtualenv: python_env.yaml
                loader_module: mlflow.onnx
                python_version: 3.11.7
            """;

    private static final int EXAMPLES = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Model model;

    MlflowModel(Model model) {
        this.model = model;
    }

    /** Content by path within the model's folder. */
    Map<String, byte[]> files(String runId) {
        ModelFiles.Content content = ModelFiles.content(model);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("model.onnx", content.trees());
        files.put("manifest.json", content.manifest());
        files.put("requirements.txt", text(REQUIREMENTS));
        files.put("python_env.yaml", text(PYTHON_ENV));
        files.put("conda.yaml", text(CONDA));
        files.put("example.json", json(example()));
        files.put("MLmodel", text(description(runId)));
        return files;
    }

    /** The file that says what the folder is. */
    private String description(String runId) {
        return DESCRIPTION
                + """
                metadata:
                  outrider_model_version: %s
                  outrider_plan: %s
                mlflow_version: %s
                run_id: %s
                signature:
                  inputs: '%s'
                  outputs: '%s'
                  params: null
                """.formatted(
                                model.manifest().version(),
                                model.manifest().plan().name(),
                                LAYOUT_VERSION,
                                runId,
                                signature(true),
                                signature(false));
    }

    private String signature(boolean inputs) {
        ArrayNode tensors = JSON.createArrayNode();
        for (TreePart part : model.fused().ensembles()) {
            ObjectNode tensor = tensors.addObject();
            tensor.put("type", "tensor");
            ObjectNode spec = tensor.putObject("tensor-spec");
            spec.put("dtype", "float32");
            spec.putArray("shape").add(-1).add(inputs ? part.columns().length : 1);
            tensor.put("name", inputs ? part.name() + "_features" : part.name());
        }
        return tensors.toString();
    }

    /** Vectors from the edges of the reference histograms, for each ensemble, with the sums of its trees. */
    private ObjectNode example() {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode inputs = root.putObject("inputs");
        ObjectNode outputs = root.putObject("outputs");
        for (TreePart part : model.fused().ensembles()) {
            ArrayNode rows = inputs.putArray(part.name() + "_features");
            ArrayNode sums = outputs.putArray(part.name());
            for (int i = 0; i < EXAMPLES; i++) {
                float[] row = new float[part.columns().length];
                ArrayNode values = rows.addArray();
                for (int column = 0; column < row.length; column++) {
                    row[column] = (float) edge(part.columns()[column], i);
                    values.add(row[column]);
                }
                sums.addArray().add(part.trees().score(row));
            }
        }
        return root;
    }

    private double edge(int column, int example) {
        Reference reference = model.manifest().reference();
        List<Double> edges = new ArrayList<>();
        if (reference != null) {
            Histogram histogram = reference.features().get(column);
            for (double edge : histogram.edges()) {
                edges.add(edge);
            }
        }
        return edges.isEmpty() ? 0 : edges.get((example * (column + 1)) % edges.size());
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] json(ObjectNode node) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
