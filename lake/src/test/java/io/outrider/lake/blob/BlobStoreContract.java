package io.outrider.lake.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link BlobStore} promises, for every implementation to inherit. */
public abstract class BlobStoreContract {

    /** A folder of this test alone, so that stores that outlive it do no harm. */
    protected final String folder = "contract-" + UUID.randomUUID().toString().substring(0, 13);

    private final ExecutorService threads = Executors.newFixedThreadPool(6);

    /** The store under test; may be the same for all tests. */
    protected abstract BlobStore store();

    @AfterEach
    void stopThreads() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void readsBackWhatWasWritten() throws IOException {
        String etag = store().put(folder + "/a/b.json", bytes("first"));

        BlobStore.Blob blob = store().get(folder + "/a/b.json").orElseThrow();

        assertThat(blob.content()).isEqualTo(bytes("first"));
        assertThat(blob.etag()).isEqualTo(etag);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, (3 << 20) + 7})
    void keepsContentOfAnySize(int size) throws IOException {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);

        store().put(folder + "/sized", content);

        assertThat(store().get(folder + "/sized").orElseThrow().content()).isEqualTo(content);
        assertThat(store().list(folder + "/"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.sizeBytes()).isEqualTo(size));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, (9 << 20) + 7})
    void streamsContentOfAnySize(int size) throws IOException {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        store().put(folder + "/streamed", content);

        try (InputStream stream = store().open(folder + "/streamed").orElseThrow()) {
            assertThat(stream.readAllBytes()).isEqualTo(content);
        }
        assertThat(store().open(folder + "/absent")).isEmpty();
    }

    @Test
    void aStreamGoesOnWithTheVersionItBeganWith() throws IOException {
        byte[] old = new byte[9 << 20];
        store().putIfAbsent(folder + "/replaced", old);

        try (InputStream stream = store().open(folder + "/replaced").orElseThrow()) {
            int first = stream.read();
            store().put(folder + "/replaced", bytes("new"));
            try {
                assertThat(1 + stream.readAllBytes().length).isEqualTo(old.length);
            } catch (IOException e) {
                assertThat(first).as("or it breaks off").isZero();
            }
        }
    }

    @Test
    void findsNothingWhereNothingWasWritten() throws IOException {
        assertThat(store().get(folder + "/absent")).isEmpty();
        store().put(folder + "/a/b", bytes("x"));
        assertThat(store().get(folder + "/absent")).isEmpty();
        assertThat(store().get(folder + "/a"))
                .as("what only begins like a name")
                .isEmpty();
    }

    @Test
    void replacesWithoutACondition() throws IOException {
        String first = store().put(folder + "/a", bytes("first, and longer"));
        String second = store().put(folder + "/a", bytes("second"));

        assertThat(second).isNotEqualTo(first);
        assertThat(store().get(folder + "/a").orElseThrow().content()).isEqualTo(bytes("second"));
        assertThat(store().list(folder + "/")).hasSize(1);
    }

    @Test
    void createsOnlyWhereTheNameIsFree() throws IOException {
        Optional<String> created = store().putIfAbsent(folder + "/a", bytes("first"));
        Optional<String> refused = store().putIfAbsent(folder + "/a", bytes("second"));

        assertThat(created).isPresent();
        assertThat(refused).isEmpty();
        BlobStore.Blob blob = store().get(folder + "/a").orElseThrow();
        assertThat(blob.content()).isEqualTo(bytes("first"));
        assertThat(blob.etag()).isEqualTo(created.orElseThrow());
    }

    @Test
    void replacesOnlyTheVersionThatWasRead() throws IOException {
        String first = store().put(folder + "/a", bytes("first"));
        Optional<String> second = store().putIfMatch(folder + "/a", bytes("second"), first);
        Optional<String> refused = store().putIfMatch(folder + "/a", bytes("third"), first);

        assertThat(second).isPresent();
        assertThat(refused).isEmpty();
        BlobStore.Blob blob = store().get(folder + "/a").orElseThrow();
        assertThat(blob.content()).isEqualTo(bytes("second"));
        assertThat(blob.etag()).isEqualTo(second.orElseThrow());
    }

    @Test
    void replacesNothingThatIsGone() throws IOException {
        assertThat(store().putIfMatch(folder + "/a", bytes("x"), "0x1")).isEmpty();
        String etag = store().put(folder + "/a", bytes("first"));
        store().delete(folder + "/a");

        assertThat(store().putIfMatch(folder + "/a", bytes("second"), etag)).isEmpty();
        assertThat(store().get(folder + "/a")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "0x8DD000000000000", "no etag, \"at all\""})
    void anEtagItNeverIssuedMatchesNothing(String etag) throws IOException {
        store().put(folder + "/a", bytes("first"));

        assertThat(store().putIfMatch(folder + "/a", bytes("second"), etag)).isEmpty();
        assertThat(store().get(folder + "/a").orElseThrow().content()).isEqualTo(bytes("first"));
    }

    @Test
    void deletesAndDoesNotMindIfThereIsNothing() throws IOException {
        store().delete(folder + "/a");
        store().put(folder + "/a", bytes("first"));
        store().put(folder + "/ab", bytes("stays"));
        store().delete(folder + "/a");
        store().delete(folder + "/a");

        assertThat(store().get(folder + "/a")).isEmpty();
        assertThat(names(folder + "/")).containsExactly(folder + "/ab");
        assertThat(store().putIfAbsent(folder + "/a", bytes("again"))).isPresent();
    }

    @Test
    void listsByPrefixInTheOrderOfNames() throws IOException {
        List<String> all = new ArrayList<>();
        for (String name : List.of("t/9/x", "t/10/x", "t-b/x", "t/10-a", "u", "t/10/a/b/c", "T/x")) {
            all.add(folder + "/" + name);
            store().put(folder + "/" + name, bytes(name));
        }
        all.sort(null);

        assertThat(names(folder + "/")).isEqualTo(all);
        assertThat(names(folder)).isEqualTo(all);
        assertThat(names(folder + "/t/10/")).containsExactly(folder + "/t/10/a/b/c", folder + "/t/10/x");
        assertThat(names(folder + "/t/1"))
                .containsExactly(folder + "/t/10-a", folder + "/t/10/a/b/c", folder + "/t/10/x");
        assertThat(names(folder + "/u")).containsExactly(folder + "/u");
        assertThat(names(folder + "/v")).isEmpty();
        assertThat(names(folder + "-absent/")).isEmpty();
        assertThat(names("")).containsAll(all).isSorted();
    }

    @Test
    void listsSizeAndLastChange() throws IOException {
        store().put(folder + "/a", bytes("four"));
        long first = store().list(folder + "/").get(0).lastModifiedMs();
        store().put(folder + "/a", bytes("seven!!"));

        BlobStore.Entry entry = store().list(folder + "/").get(0);

        assertThat(entry.sizeBytes()).isEqualTo(7);
        assertThat(first).isGreaterThan(1_700_000_000_000L);
        assertThat(entry.lastModifiedMs()).isGreaterThanOrEqualTo(first);
    }

    @Test
    void keepsNamesThatAnUrlWouldChange() throws IOException {
        List<String> written = new ArrayList<>();
        for (String name : List.of("a b", "100%25", "100%", "a+b", "grün/日", "a&b=c?d#e", "date=2026-01-01", "a:b")) {
            written.add(folder + "/" + name);
            store().put(folder + "/" + name, bytes(name));
        }
        written.sort(null);

        assertThat(names(folder + "/")).isEqualTo(written);
        for (String name : written) {
            assertThat(store().get(name).orElseThrow().content()).isEqualTo(bytes(name.substring(folder.length() + 1)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "%/", "%//b", "%/a//b", "%/a/", "%/.", "%/../b", "%/.hidden/b", "%/a\\b"})
    void refusesWhatIsNoName(String pattern) {
        String name = pattern.replace("%", folder);

        assertThatThrownBy(() -> store().get(name)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store().put(name, bytes("x"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store().delete(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void lostRacesToCreateAreRefused() throws Exception {
        List<Future<Optional<String>>> racers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            byte[] content = bytes("racer " + i);
            racers.add(threads.submit((Callable<Optional<String>>) () -> store().putIfAbsent(folder + "/a", content)));
        }

        List<String> winners = new ArrayList<>();
        for (Future<Optional<String>> racer : racers) {
            racer.get().ifPresent(winners::add);
        }

        assertThat(winners).hasSize(1);
        assertThat(store().get(folder + "/a").orElseThrow().etag()).isEqualTo(winners.get(0));
    }

    @Test
    void conditionalWritesLoseNoUpdate() throws Exception {
        store().put(folder + "/count", bytes("0"));
        List<Future<?>> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            writers.add(threads.submit(() -> {
                for (int done = 0; done < 5; ) {
                    BlobStore.Blob blob = store().get(folder + "/count").orElseThrow();
                    int next = Integer.parseInt(new String(blob.content(), StandardCharsets.UTF_8)) + 1;
                    if (store().putIfMatch(folder + "/count", bytes(Integer.toString(next)), blob.etag())
                            .isPresent()) {
                        done++;
                    }
                }
                return null;
            }));
        }
        for (Future<?> writer : writers) {
            writer.get();
        }

        assertThat(store().get(folder + "/count").orElseThrow().content()).isEqualTo(bytes("20"));
    }

    @Test
    void readersSeeOneWholeVersion() throws Exception {
        store().put(folder + "/a", filled(0));
        AtomicBoolean written = new AtomicBoolean();
        Future<Integer> reader = threads.submit(() -> {
            int reads = 0;
            while (!written.get() || reads == 0) {
                byte[] content = store().get(folder + "/a").orElseThrow().content();
                assertThat(content).isEqualTo(filled(content[0]));
                reads++;
            }
            return reads;
        });
        for (int version = 1; version <= 20; version++) {
            store().put(folder + "/a", filled(version));
        }
        written.set(true);

        assertThat(reader.get()).isPositive();
    }

    /** Names under a prefix, as listed. */
    protected final List<String> names(String prefix) throws IOException {
        List<String> names = new ArrayList<>();
        for (BlobStore.Entry entry : store().list(prefix)) {
            names.add(entry.name());
        }
        return names;
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Of a length and a value that both tell the version. */
    private static byte[] filled(int version) {
        byte[] content = new byte[200_000 + 7 * version];
        Arrays.fill(content, (byte) version);
        return content;
    }
}
