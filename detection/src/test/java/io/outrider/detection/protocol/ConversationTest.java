package io.outrider.detection.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.event.EventGroup;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.Transaction;
import io.outrider.core.risk.MerchantCounts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which order a group's accounts are spoken to. */
class ConversationTest {

    @TempDir
    Path folder;

    private RunWorld world;
    private AccountSlots slots;
    private Conversation conversation;

    @BeforeEach
    void start() throws IOException {
        world = new RunWorld(folder);
        slots = new AccountSlots(RunWorld.manifest(), world.passive, 8);
        conversation = new Conversation(1, slots, world);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void manyThatComeIntoMemoryAtOnceComeByNameBehindThoseThatAreThere() {
        slots.obtain("x").active = true;
        slots.obtain("c").active = true;
        List<String> coming = names(Conversation.MANY);
        assertThat(accounts(Stream.of(Stream.of("x"), coming.stream(), Stream.of("c"))))
                .containsExactlyElementsOf(
                        Stream.concat(Stream.of("x", "c"), coming.stream().sorted())
                                .toList());
    }

    @Test
    void fewKeepTheOrderOfTheirEvents() {
        List<String> coming = names(Conversation.MANY - 1);
        assertThat(accounts(Stream.of(coming.stream()))).containsExactlyElementsOf(coming);
    }

    private static List<String> names(int many) {
        return IntStream.range(0, many)
                .mapToObj(i -> "a" + i * 7_919 % many)
                .distinct()
                .toList();
    }

    private List<String> accounts(Stream<Stream<String>> accounts) {
        List<String> names = accounts.flatMap(each -> each).toList();
        List<LoggedEvent> events = IntStream.range(0, names.size())
                .mapToObj(i -> new LoggedEvent(
                        i, 0, new Transaction("t" + i, names.get(i), 1, 0, null, null, null, null, null)))
                .toList();
        return conversation.gather(new EventGroup(0, events, List.of(), names.size()), 0, new MerchantCounts()).stream()
                .map(slot -> slot.account)
                .toList();
    }
}
