package io.outrider.detection.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.lake.checkpoint.AccountStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations against a plain map, and what the files cost. */
class ScratchAccountsTest {

    private static final int SEGMENT_BYTES = 2_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void holdsWhatAMapHolds(long seed) throws IOException {
        Random random = new Random(seed);
        Map<String, byte[]> model = new HashMap<>();
        Set<String> ever = new TreeSet<>();
        AccountStream cut = null;
        Map<String, String> atCut = Map.of();
        try (ScratchAccounts accounts = ScratchAccounts.open(folder, SEGMENT_BYTES)) {
            for (int step = 0; step < 20_000; step++) {
                String account = name(random);
                switch (random.nextInt(20)) {
                    case 0 -> assertThat(accounts.read(account)).isEqualTo(model.get(account));
                    case 1, 2, 3, 4, 5, 6, 7, 8 ->
                        assertThat(accounts.take(account)).isEqualTo(model.remove(account));
                    case 9 -> {
                        if (cut != null && random.nextInt(20) == 0) {
                            assertThat(read(cut)).isEqualTo(atCut);
                            assertThat(read(cut)).as("again").isEqualTo(atCut);
                            accounts.endCut();
                            cut = null;
                        } else if (cut == null && random.nextInt(50) == 0) {
                            cut = accounts.cut();
                            atCut = shown(model);
                        }
                    }
                    default -> {
                        byte[] state = new byte[random.nextInt(random.nextInt(30) == 0 ? 1_900 : 300)];
                        random.nextBytes(state);
                        if (model.containsKey(account)) {
                            accounts.put(account, state);
                        } else {
                            accounts.put(account, state, ever.contains(account));
                        }
                        if (state.length == 0) { // it was erased
                            model.remove(account);
                            ever.remove(account);
                        } else {
                            model.put(account, state);
                            ever.add(account);
                        }
                    }
                }
                assertThat(accounts.size()).isEqualTo(model.size());
            }
            assertThat(accounts.bytes())
                    .isEqualTo(model.values().stream()
                            .mapToLong(state -> state.length)
                            .sum());
            assertThat(accounts.names()).containsExactlyInAnyOrderElementsOf(ever);
            accounts.endCut();
            assertThat(read(accounts.cut())).isEqualTo(shown(model));
            accounts.clear();
            assertThat(accounts.size()).isZero();
            assertThat(accounts.names()).isEmpty();
            assertThat(read(accounts.cut())).isEmpty();
        }
    }

    @Test
    void theFileDoesNotOutgrowTwiceTheStates() throws IOException {
        Random random = new Random(1);
        try (ScratchAccounts accounts = ScratchAccounts.open(folder, SEGMENT_BYTES)) {
            for (int i = 0; i < 500; i++) {
                accounts.put("account-" + i, new byte[100]);
            }
            long live = 500L * RecordFile.length(new byte[11], new byte[100]);
            for (int i = 0; i < 50_000; i++) {
                String account = "account-" + random.nextInt(500);
                byte[] state = accounts.take(account);
                accounts.put(account, state == null ? new byte[100] : state, true);
                assertThat(accounts.usedBytes()).isLessThan(2 * live + 4 * SEGMENT_BYTES);
            }
        }
    }

    @Test
    void leavesNothingBehind() throws IOException {
        try (ScratchAccounts accounts = ScratchAccounts.open(folder)) {
            accounts.put("a", new byte[] {1});
            assertThat(accounts.read("a")).containsExactly(1);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void namesAreKeptAsTheyAre() throws IOException {
        List<String> names = List.of(
                "",
                " ",
                "  ",
                "\0",
                "\n",
                "a",
                "A",
                "a ",
                "a/b",
                "../a",
                "?",
                "\uFFFD",
                "é",
                "e\u0301",
                "😀",
                "b".repeat(60_000));
        try (ScratchAccounts accounts = ScratchAccounts.open(folder)) {
            for (int i = 0; i < names.size(); i++) {
                accounts.put(names.get(i), new byte[] {(byte) i}, false);
            }
            Map<String, byte[]> model = new HashMap<>();
            for (int i = 0; i < names.size(); i++) {
                model.put(names.get(i), new byte[] {(byte) i});
                assertThat(accounts.read(names.get(i))).containsExactly(i);
            }
            assertThat(read(accounts.cut())).isEqualTo(shown(model));
            assertThat(accounts.names()).containsExactlyElementsOf(names);
            for (int i = 0; i < names.size(); i++) {
                assertThat(accounts.take(names.get(i))).containsExactly(i);
                assertThat(accounts.read(names.get(i))).isNull();
            }
        }
    }

    @Test
    void severalInOneFolderDoNotMeet() throws IOException {
        try (ScratchAccounts other = ScratchAccounts.open(folder)) {
            other.put("a", new byte[] {2});
            try (ScratchAccounts one = ScratchAccounts.open(folder)) {
                one.put("a", new byte[] {1});
                assertThat(one.read("a")).containsExactly(1);
                assertThat(other.read("a")).containsExactly(2);
            }
            assertThat(read(other.cut())).isEqualTo(Map.of("a", "02"));
        }
    }

    @Test
    void aLinkToAFolderWillDo() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(folder.resolve("far")));
        try (ScratchAccounts accounts = ScratchAccounts.open(link)) {
            accounts.put("a", new byte[] {1});
            assertThat(accounts.read("a")).containsExactly(1);
        }
    }

    /** As a disk does that loses what was written: an account that is there must not look like one that never was. */
    @ParameterizedTest
    @ValueSource(strings = {"a bit flips", "zeros", "another account", "lengths beyond all limits", "nothing"})
    void whatTheDiskDoesNotGiveBackIsNoticed(String damage) throws IOException {
        Path file = folder.resolve("states");
        try (FileChannel states = channel(file);
                ScratchAccounts accounts =
                        new ScratchAccounts(folder, states, channel(folder.resolve("names")), SEGMENT_BYTES)) {
            for (String account : List.of("a", "b", "c")) {
                accounts.put(account, new byte[100], false);
            }
            assertThat(read(accounts.cut())).containsOnlyKeys("a", "b", "c"); // also writes them
            assertThat(accounts.read("b")).hasSize(100);
            int length = RecordFile.length(new byte[1], new byte[100]);
            byte[] content = Files.readAllBytes(file);
            assertThat(content).hasSize(3 * length);
            switch (damage) {
                case "a bit flips" -> content[2 * length - 1] ^= 1;
                case "zeros" -> Arrays.fill(content, length, 2 * length, (byte) 0);
                case "another account" -> System.arraycopy(content, 0, content, length, length);
                case "lengths beyond all limits" -> Arrays.fill(content, length, 2 * length, (byte) 0x7f);
                default -> states.truncate(length);
            }
            states.write(ByteBuffer.wrap(content, 0, (int) Math.min(content.length, states.size())), 0);
            assertThat(accounts.read("a")).hasSize(100);
            for (ThrowingCallable call :
                    List.<ThrowingCallable>of(() -> accounts.read("b"), () -> accounts.take("b"))) {
                assertThatThrownBy(call)
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageContaining(folder.toString());
            }
            accounts.endCut();
            assertThatThrownBy(() -> accounts.cut().forEach((account, state) -> {}))
                    .isInstanceOf(UncheckedIOException.class);
        }
    }

    private static FileChannel channel(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Test
    void saysWhereItCannotWrite() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> ScratchAccounts.open(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("accounts out of memory cannot be kept in " + file);
        ScratchAccounts closed = ScratchAccounts.open(folder, SEGMENT_BYTES);
        closed.put("a", new byte[1_900]);
        closed.close();
        assertThatThrownBy(() -> closed.put("b", new byte[1_900]))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(folder.toString());
    }

    @Test
    void positionsUnderOneHashAreToldApart() {
        PositionIndex index = new PositionIndex();
        Random random = new Random(7);
        List<Long> model = new ArrayList<>();
        for (long step = 0; step < 20_000; step++) {
            if (random.nextInt(5) < 3 || model.isEmpty()) {
                index.add(hash(step), step);
                model.add(step);
            } else {
                long position = model.remove(random.nextInt(model.size()));
                index.remove(index.slotOf(hash(position), position));
                assertThat(index.slotOf(hash(position), position)).isNegative();
            }
            assertThat(index.size()).isEqualTo(model.size());
        }
        for (long position : model) {
            assertThat(index.slotOf(hash(position), position)).isNotNegative();
        }
        assertThat(index.positions())
                .containsExactly(
                        model.stream().mapToLong(Long::longValue).sorted().toArray());
    }

    /** Few different ones, many of them with the same lowest bits, so that entries crowd. */
    private static long hash(long position) {
        return (position % 11) << 40 | position % 3 << 2;
    }

    private static String name(Random random) {
        return (random.nextBoolean() ? "account-" : "Ü😀-") + random.nextInt(60);
    }

    private static Map<String, String> read(AccountStream cut) throws IOException {
        Map<String, String> read = new HashMap<>();
        cut.forEach((account, state) ->
                assertThat(read.put(account, HexFormat.of().formatHex(state))).isNull());
        return read;
    }

    private static Map<String, String> shown(Map<String, byte[]> model) {
        Map<String, String> shown = new HashMap<>();
        model.forEach((account, state) -> shown.put(account, HexFormat.of().formatHex(state)));
        return shown;
    }
}
