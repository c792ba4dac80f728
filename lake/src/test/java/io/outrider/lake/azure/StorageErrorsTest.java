package io.outrider.lake.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.models.BlobStorageException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;
import reactor.core.Exceptions;

final class StorageErrorsTest {

    private final RuntimeException refused = new UncheckedIOException(new ConnectException("refused"));
    private final BlobStorageException absent = new BlobStorageException("404", null, null);

    @Test
    void oneErrorStandsForItself() {
        assertThat(StorageErrors.single(refused)).isSameAs(refused).hasNoSuppressedExceptions();
    }

    @Test
    void ofErrorsOfBlocksSentSideBySideTheServicesAnswerCounts() {
        RuntimeException both = Exceptions.multiple(refused, absent);

        assertThat(StorageErrors.single(both)).isSameAs(absent).hasSuppressedException(refused);
    }

    @Test
    void withoutAnAnswerTheFirstErrorCounts() {
        IllegalStateException second = new IllegalStateException("second");
        RuntimeException both = Exceptions.multiple(refused, second);

        assertThat(StorageErrors.single(both)).isSameAs(refused).hasSuppressedException(second);
        assertThat(StorageErrors.reason(StorageErrors.single(both))).hasMessage("refused");
    }
}
