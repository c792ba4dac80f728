package io.outrider.lake.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.outrider.core.model.TreeEnsemble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/**
 * An isolation forest made elsewhere: an ONNX file with scikit-learn's (see {@link SklearnForest}), and the names of its
 * columns. ONNX itself names none, so they stand in the file's metadata under {@value #FEATURES}, separated by commas, or
 * are given with the file.
 *
 * @param file where it was read from
 * @param trees the forest
 * @param features names of its inputs, in order
 */
public record ReadyForest(Path file, TreeEnsemble trees, List<String> features) {

    /** Metadata key of the column names. */
    public static final String FEATURES = "features";

    /**
     * Reads a file.
     *
     * @param features names of the inputs, in order; empty for those in the file's metadata
     * @throws IOException if the file can't be read
     * @throws IllegalArgumentException if it holds no such forest, or the names don't fit it; the message names the file
     */
    public static ReadyForest read(Path file, List<String> features) throws IOException {
        byte[] onnx = Files.readAllBytes(file);
        try {
            ModelProto model = ModelProto.parseFrom(onnx);
            List<String> names = features.isEmpty() ? namesIn(model) : List.copyOf(features);
            TreeEnsemble trees = SklearnForest.read(onnx);
            requireFit(names, Math.max(trees.inputs(), inputs(model)));
            // A column that no tree splits on is an input all the same, only not one of the ensemble's.
            return new ReadyForest(file, trees, names.subList(0, trees.inputs()));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(file + " is not an ONNX model: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static List<String> namesIn(ModelProto model) {
        for (StringStringEntryProto entry : model.getMetadataPropsList()) {
            if (entry.getKey().equals(FEATURES)) {
                return Arrays.stream(entry.getValue().split(","))
                        .map(String::strip)
                        .toList();
            }
        }
        throw new IllegalArgumentException("its metadata name no " + FEATURES
                + "; give the names of its columns, in order, with --features a,b,c");
    }

    /** How many columns the graph's input has, 0 if it does not say. */
    private static int inputs(ModelProto model) {
        if (model.getGraph().getInputCount() != 1) {
            return 0;
        }
        TypeProto.Tensor tensor = model.getGraph().getInput(0).getType().getTensorType();
        return tensor.getShape().getDimCount() == 2
                ? (int) tensor.getShape().getDim(1).getDimValue()
                : 0;
    }

    private static void requireFit(List<String> names, int inputs) {
        if (names.size() != inputs) {
            throw new IllegalArgumentException(
                    "the forest has " + inputs + " columns, but " + names.size() + " are named: " + names);
        }
        if (new HashSet<>(names).size() != names.size()) {
            throw new IllegalArgumentException("a column is named twice: " + names);
        }
    }
}
