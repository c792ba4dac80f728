package io.outrider.detection.protocol;

import static java.util.Objects.requireNonNull;
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

    @Test
    void aPartEndsBeforeTheEventThatIsOneTooMany() {
        EventGroup group = group(List.of("a", "b", "a", "c", "a", "b"));
        MerchantCounts merchants = new MerchantCounts();

        Conversation.Gathered two = conversation.gather(group, 0, 10, 2, merchants);
        assertThat(two.part().events()).hasSize(4);
        assertThat(two.part().nextOffset()).isEqualTo(4);
        assertThat(two.slots()).extracting(slot -> slot.gathered().size()).containsExactly(2, 1, 1);

        Conversation.Gathered rest = conversation.gather(requireNonNull(group.behind(two.part())), 4, 1, 2, merchants);
        assertThat(rest.part().nextOffset()).isEqualTo(5);
        assertThat(rest.slots()).extracting(slot -> slot.account).containsExactly("a");
        assertThat(rest.slots().get(0).gathered()).hasSize(1);
    }

    @Test
    void whatAGroupBringsTwiceIsCountedOnceAtItsMerchant() {
        EventGroup group = group(List.of("a", "b"));
        List<LoggedEvent> twice =
                Stream.concat(group.events().stream(), group.events().stream()).toList();
        MerchantCounts counted = new MerchantCounts();
        conversation.gather(new EventGroup(0, twice, List.of(), 2), 0, 10, 10, counted);
        MerchantCounts once = new MerchantCounts();
        group.events().forEach(event -> once.add("m", event.transaction().eventTimeMs()));
        assertThat(counted.encode()).isEqualTo(once.encode());
    }

    private static EventGroup group(List<String> accounts) {
        return new EventGroup(
                0,
                IntStream.range(0, accounts.size())
                        .mapToObj(i -> new LoggedEvent(
                                i, 0, new Transaction("t" + i, accounts.get(i), 1, 0, "m", null, null, null, null)))
                        .toList(),
                List.of(),
                accounts.size());
    }

    private static List<String> names(int many) {
        return IntStream.range(0, many)
                .mapToObj(i -> "a" + i * 7_919 % many)
                .distinct()
                .toList();
    }

    private List<String> accounts(Stream<Stream<String>> accounts) {
        List<String> names = accounts.flatMap(each -> each).toList();
        return conversation.gather(group(names), 0, 10_000, 10_000, new MerchantCounts()).slots().stream()
                .map(slot -> slot.account)
                .toList();
    }
}
