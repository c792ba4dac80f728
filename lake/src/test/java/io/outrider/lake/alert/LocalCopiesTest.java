package io.outrider.lake.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Questions that come at once read the same files. */
class LocalCopiesTest {

    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void theCopyThatIsThereFirstStaysWhenAnotherThreadHasFetchedTheFile() throws Exception {
        CountDownLatch fetching = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        LocalCopies.Source lake = name -> {
            if (Thread.currentThread().getName().equals("slow")) {
                fetching.countDown();
                await(go);
            }
            return content(name);
        };
        try (LocalCopies copies = new LocalCopies(lake, 1 << 20)) {
            Future<String> slow = threads.submit(() -> {
                Thread.currentThread().setName("slow");
                return copies.open("a", Files::readString);
            });
            await(fetching);
            Path first = copies.open("a", file -> file);
            go.countDown();
            assertThat(slow.get()).isEqualTo("a");
            assertThat(first).hasContent("a");
        }
    }

    @Test
    void aCopyThatHasToMakeRoomStaysWhileItIsOpened() throws Exception {
        try (LocalCopies copies = new LocalCopies(LocalCopiesTest::content, 1)) {
            List<Future<List<String>>> read = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                read.add(threads.submit(() -> {
                    List<String> texts = new ArrayList<>();
                    for (int j = 0; j < 300; j++) {
                        texts.add(copies.open("file " + j % 5, Files::readString));
                    }
                    return texts;
                }));
            }
            for (Future<List<String>> texts : read) {
                assertThat(texts.get()).hasSize(300).startsWith("file 0", "file 1", "file 2");
            }
        }
    }

    @Test
    void aBlobThatIsNotThereIsSaidToBeMissing() throws IOException {
        try (LocalCopies copies = new LocalCopies(name -> Optional.empty(), 1)) {
            assertThatThrownBy(() -> copies.open("gone", Files::readString))
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining("gone");
        }
    }

    private static Optional<InputStream> content(String name) {
        return Optional.of(new ByteArrayInputStream(name.getBytes(StandardCharsets.UTF_8)));
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
