package io.outrider.lake.blob;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
}
