package io.outrider.lake.blob;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lake says how it is laid out. */
class LakeFormatTest {

    @TempDir
    private Path folder;

    @Test
    void aNewLakeIsStampedAndKnownAgain() throws IOException {
        FolderBlobStore lake = new FolderBlobStore(folder);

        LakeFormat.check(lake);

        assertThatCode(() -> LakeFormat.check(lake)).doesNotThrowAnyException();
    }

    @Test
    void anotherProgramsLakeIsRefused() throws IOException {
        FolderBlobStore lake = new FolderBlobStore(folder);
        lake.put("checkpoints/format", "2\n".getBytes(US_ASCII));

        assertThatThrownBy(() -> LakeFormat.check(lake))
                .isInstanceOf(IOException.class)
                .hasMessage("the lake was written in format '2', and this program reads format 1; use the program that"
                        + " wrote it, or another lake");
    }
}
