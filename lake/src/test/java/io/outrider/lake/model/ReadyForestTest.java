package io.outrider.lake.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file is made by {@code lake/src/test/python/isolation_forest.py}. */
final class ReadyForestTest {

    @TempDir
    Path directory;

    private byte[] onnx = {};

    @BeforeEach
    void read() throws IOException {
        String name = "/model/sklearn-isolation-forest.onnx";
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(name))) {
            onnx = in.readAllBytes();
        }
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(directory.resolve("forest.onnx"), content);
    }

    @Test
    void itsColumnsAreThoseOfItsMetadataUnlessOthersAreGiven() throws IOException {
        assertThat(ReadyForest.read(file(onnx), List.of()).features()).containsExactly("f0", "f1", "f2", "f3");
        ReadyForest renamed = ReadyForest.read(file(onnx), List.of("a", "b", "c", "d"));
        assertThat(renamed.features()).containsExactly("a", "b", "c", "d");
        assertThat(renamed.trees()).isEqualTo(SklearnForest.read(onnx));
    }

    @Test
    void namesThatDoNotFitAreRefused() throws IOException {
        Path file = file(onnx);
        assertThatThrownBy(() -> ReadyForest.read(file, List.of("a", "b", "c")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("forest.onnx")
                .hasMessageContaining("4 columns, but 3 are named: [a, b, c]");
        assertThatThrownBy(() -> ReadyForest.read(file, List.of("a", "b", "c", "a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("named twice");
    }

    @Test
    void withoutNamesItSaysHowToGiveThem() throws IOException {
        Path file = file(ModelProto.parseFrom(onnx).toBuilder()
                .clearMetadataProps()
                .build()
                .toByteArray());
        assertThatThrownBy(() -> ReadyForest.read(file, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("forest.onnx")
                .hasMessageContaining("--features a,b,c");
        assertThat(ReadyForest.read(file, List.of("a", "b", "c", "d")).features())
                .hasSize(4);
    }

    @Test
    void whatIsNoForestIsRefusedByItsName() throws IOException {
        Path text = file("not a model".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> ReadyForest.read(text, List.of("a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("forest.onnx");
        assertThatThrownBy(() -> ReadyForest.read(directory.resolve("missing.onnx"), List.of()))
                .isInstanceOf(NoSuchFileException.class);
    }
}
