package io.outrider.lake.blob;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderBlobStoreTest extends BlobStoreContract {

    @TempDir
    Path root = Path.of(".");

    @Override
    protected BlobStore store() {
        try {
            return new FolderBlobStore(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatKilledProcessesLeftUnfinishedGoesOnceNobodyCanBeAtItAnyMore() throws IOException {
        store();
        for (String folder : List.of("unfinished", "turns/turn-0")) {
            Path unfinished = root.resolve(".outrider").resolve(folder);
            Path old = Files.write(unfinished.resolve("old"), new byte[] {1});
            Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofMinutes(61))));
            Path young = Files.write(unfinished.resolve("young"), new byte[] {1});
            Files.setLastModifiedTime(young, FileTime.from(Instant.now().minus(Duration.ofMinutes(50))));
            store();
            assertThat(old).doesNotExist();
            assertThat(young).as("another process may be writing it").exists();
        }
    }
}
