package io.outrider.detection.entity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.account.AccountView;
import io.outrider.core.account.ScoredTransaction;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.Attribution;
import io.outrider.core.alert.Counterfactual;
import io.outrider.core.alert.Receipt;
import io.outrider.core.alert.Severity;
import io.outrider.core.decision.Assessment;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.Spending;
import io.outrider.core.feature.WindowSummary;
import io.outrider.core.model.Canary;
import io.outrider.core.model.ContextRef;
import io.outrider.detection.protocol.AccountMessage;
import io.outrider.detection.protocol.AccountReply;
import io.outrider.detection.protocol.RaisedAlert;
import io.outrider.detection.protocol.ScoredRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bytes of format version 1 stay what they are: nodes of this program and of the one before speak to one another. */
class WireSerializerTest {

    private static final String GOLDEN = "/wire/messages-v1.txt";

    /** Those that never leave their node, because they carry what can't. */
    private static final Set<Class<?>> LOCAL = Set.of(
            PartitionEntity.Claim.class,
            PartitionEntity.Offer.class,
            PartitionEntity.Streams.class,
            PartitionEntity.Release.class,
            PartitionEntity.ChangeContext.class,
            PartitionEntity.Published.class,
            PartitionEntity.TakeoverEnded.class,
            PartitionEntity.WriteEnded.class,
            PartitionEntity.RetryWrite.class,
            PartitionEntity.Seen.class,
            PartitionEntity.LogEnd.class,
            PartitionEntity.GoOn.class,
            PartitionEntity.Tick.class);

    private static ActorTestKit kit;
    private static WireSerializer wire;

    @BeforeAll
    static void start() throws NotSerializableException {
        kit = ActorTestKit.create(ConfigFactory.parseString("""
                        pekko.loglevel = WARNING
                        pekko.remote.artery.canonical { hostname = 127.0.0.1, port = 0 }
                        pekko.cluster.jmx.enabled = off
                        """)
                .withFallback(ConfigFactory.parseResources("detection-pekko.conf"))
                .withFallback(ConfigFactory.load()));
        wire = (WireSerializer)
                SerializationExtension.get(Adapter.toClassic(kit.system())).serializerFor(AccountShards.Envelope.class);
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void everyMessageIsWrittenAsItAlwaysWas() throws IOException {
        Map<String, String> golden = golden();
        examples().forEach((name, message) -> {
            String manifest = wire.manifest(message);
            byte[] bytes = wire.toBinary(message);
            assertThat(bytes[0]).as(name).isEqualTo(WireSerializer.VERSION);
            assertThat(name + "\t" + manifest + "\t" + new String(bytes, 1, bytes.length - 1, UTF_8))
                    .isEqualTo(golden.get(name));
        });
        assertThat(golden.keySet()).isEqualTo(examples().keySet());
    }

    @Test
    void everyMessageIsReadAsItAlwaysWas() throws IOException {
        for (String line : golden().values()) {
            String[] parts = line.split("\t", 3);
            byte[] bytes = bytes(parts[2]);
            Object read = wire.fromBinary(bytes, parts[1]);
            assertThat(wire.manifest(read)).isEqualTo(parts[1]);
            assertThat(wire.toBinary(read)).as(line).isEqualTo(bytes);
        }
    }

    @Test
    void aViewOfANodeBeforeTellsNoSpendingAndNoDevices() throws IOException {
        String[] parts = Objects.requireNonNull(golden().get("account-view")).split("\t", 3);
        String before = parts[2].substring(0, parts[2].indexOf(",\"spending\"")) + "}";
        AccountView view = (AccountView) wire.fromBinary(bytes(before), parts[1]);
        assertThat(view.account()).isEqualTo("u");
        assertThat(view.spending()).isEmpty();
        assertThat(view.devices()).isZero();
    }

    @Test
    void nothingThatCanCrossTheWireIsForgotten() {
        Set<Class<?>> bound = Set.copyOf(WireSerializer.MESSAGES.values());
        for (Class<?> command : PartitionEntity.Command.class.getPermittedSubclasses()) {
            assertThat(bound.contains(command) ^ LOCAL.contains(command))
                    .as(command + " either has a place on the wire or is known never to get there")
                    .isTrue();
        }
        List<Object> spoken = new ArrayList<>();
        for (Object message : examples().values()) {
            spoken.add(message);
            if (message instanceof AccountShards.Envelope envelope) {
                spoken.add(envelope.message());
                if (envelope.message() instanceof AccountEntity.Deliver deliver) {
                    spoken.add(deliver.message());
                }
            } else if (message instanceof PartitionEntity.Answer answer) {
                spoken.add(answer.reply());
            }
        }
        Set<Class<?>> shown = spoken.stream().map(Object::getClass).collect(Collectors.toSet());
        assertThat(shown).containsAll(bound);
        Stream.of(AccountEntity.Command.class, AccountMessage.class, AccountReply.class)
                .forEach(family -> assertThat(shown).contains(family.getPermittedSubclasses()));
    }

    @Test
    void everyMessageHasItsSerializerAndNoneJavas() throws NotSerializableException {
        var serialization = SerializationExtension.get(Adapter.toClassic(kit.system()));
        for (Class<?> message : WireSerializer.MESSAGES.values()) {
            assertThat(serialization.serializerFor(message)).isSameAs(wire);
        }
        assertThat(kit.system().settings().config().getBoolean("pekko.actor.allow-java-serialization"))
                .isFalse();
    }

    @Test
    void anotherVersionIsRefusedByName() {
        byte[] later = wire.toBinary(new AccountNames(List.of("a")));
        later[0] = 2;
        assertThatThrownBy(() -> wire.fromBinary(later, "account-names"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessage("message 'account-names' is in format version 2, this program reads version 1");
        assertThatThrownBy(() -> wire.fromBinary(new byte[] {1}, "account-gossip"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("account-gossip");
        assertThatThrownBy(() -> wire.fromBinary(bytes("{\"names\":"), "account-names"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void aLaterProgramsNewFieldIsPassedOver() throws IOException {
        Object read = wire.fromBinary(bytes("{\"names\":[\"a\"],\"total\":7}"), "account-names");

        assertThat(read).isEqualTo(new AccountNames(List.of("a")));
    }

    private static byte[] bytes(String json) {
        return ("\u0001" + json).getBytes(UTF_8);
    }

    private static Map<String, String> golden() throws IOException {
        try (InputStream in = Objects.requireNonNull(WireSerializerTest.class.getResourceAsStream(GOLDEN))) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .collect(Collectors.toMap(
                            line -> line.substring(0, line.indexOf('\t')),
                            line -> line,
                            (a, b) -> a,
                            LinkedHashMap::new));
        }
    }

    /** One of each, with every field that may be absent once there and once not. */
    private static Map<String, Object> examples() {
        ContextRef context = new ContextRef("20180430-c7926eca88a7", 3);
        Transaction full = new Transaction(
                "t-1", "user\u00e9", 912.4, 1_524_000_000_123L, "m-7", "phone", "10.0.0.1", "EUR", true);
        Transaction bare = new Transaction("2", "u", 0.1 + 0.2, 0, null, null, null, null, null);
        Map<String, Object> examples = new LinkedHashMap<>();
        examples.put(
                "batch",
                envelope(new AccountMessage.Batch(
                        4,
                        1,
                        17,
                        context,
                        new AccountMessage.Opening(new byte[] {0, 1, -1}),
                        List.of(new LoggedEvent(41, 1_524_000_001_000L, full), new LoggedEvent(42, 5, bare)),
                        true)));
        examples.put(
                "batch-fresh",
                envelope(new AccountMessage.Batch(
                        4, 1, 17, context, new AccountMessage.Opening(null), List.of(), false)));
        examples.put("batch-next", envelope(new AccountMessage.Batch(4, 2, 17, context, null, List.of(), false)));
        examples.put(
                "batch-rollout",
                envelope(new AccountMessage.Batch(
                        4,
                        3,
                        17,
                        new ContextRef("20180430-c7926eca88a7", 3, "20180501-aa", new Canary("20180502-bb", 0.125)),
                        null,
                        List.of(),
                        false)));
        examples.put("retire", envelope(new AccountMessage.Retire(4)));
        examples.put("touch", new AccountShards.Envelope("3|", new AccountEntity.Touch(actor())));
        examples.put("view", new AccountShards.Envelope("3|u", new AccountEntity.View(actor())));
        examples.put("assess", new AccountShards.Envelope("3|u", new AccountEntity.Assess(full, context, actor())));
        examples.put("stop", new AccountShards.Envelope("3|u", AccountEntity.Stop.INSTANCE));
        examples.put("touched", new AccountEntity.Touched(actor()));
        examples.put(
                "folded",
                new PartitionEntity.Answer(
                        new AccountReply.Folded(
                                "u",
                                4,
                                1,
                                17,
                                2,
                                1,
                                List.of(new RaisedAlert(alert(full, context), 77)),
                                List.of(new ScoredRecord("u", new byte[] {123, 125})),
                                new byte[] {9}),
                        null));
        examples.put(
                "folded-quietly",
                new PartitionEntity.Answer(
                        new AccountReply.Folded("u", 4, 2, 17, 1, 0, List.of(), List.of(), null), null));
        examples.put(
                "refused",
                new PartitionEntity.Answer(new AccountReply.Refused("u", 4, "account serves epoch 5"), null));
        examples.put("retired", new PartitionEntity.Answer(new AccountReply.Retired("u", 4), null));
        examples.put("find", new PartitionEntity.Find("u", actor()));
        examples.put("partition-assess", new PartitionEntity.Assess(bare, actor()));
        examples.put("names", new PartitionEntity.Names("a", 50, actor()));
        examples.put("names-from-the-start", new PartitionEntity.Names(null, 50, actor()));
        examples.put(
                "account-view",
                new AccountView(
                        "u",
                        3,
                        2,
                        912.7,
                        5,
                        1_524_000_000_123L,
                        Double.NaN,
                        "ab12",
                        List.of(new WindowSummary(Duration.ofHours(1), 2, 912.7, 456.35)),
                        List.of(
                                new ScoredTransaction("t-1", 5, 912.4, "m-7", 0.999, "a-1", false),
                                new ScoredTransaction("2", 4, 0.3, null, 0.2, null, true)),
                        List.of(new Spending(Duration.ofDays(1), 0, 7_200_000, 2, 912.7)),
                        3));
        examples.put("account-names", new AccountNames(List.of("a", "\ud83d\ude00")));
        examples.put(
                "assessment",
                new Assessment(
                        0.999,
                        0.99,
                        true,
                        Severity.HIGH,
                        "v",
                        List.of("because"),
                        0.5,
                        List.of(new Attribution("amount", "amount", Double.NaN, 0.499)),
                        new Counterfactual("amount", "amount", 912.4, 61.2, 0.4)));
        examples.put(
                "assessment-ordinary", new Assessment(0.2, 0.99, false, null, "v", List.of(), 0.5, List.of(), null));
        return examples;
    }

    private static AccountShards.Envelope envelope(AccountMessage message) {
        return new AccountShards.Envelope("3|u", new AccountEntity.Deliver(message, actor()));
    }

    private static Alert alert(Transaction transaction, ContextRef context) {
        Map<String, Double> vector = new LinkedHashMap<>();
        vector.put("amount", 912.4);
        vector.put("robust-z", Double.NaN);
        return new Alert(
                "a-1",
                transaction,
                0.999,
                0.99,
                Severity.CRITICAL,
                "v",
                "a-0",
                61.2,
                List.of("because"),
                0.5,
                List.of(new Attribution("amount", "amount", 912.4, 0.499)),
                null,
                new Receipt(new LogPosition("g", 3, 41), context, "fp", vector));
    }

    /** Somebody on another node. */
    private static <T> ActorRef<T> actor() {
        return ActorRefResolver.get(kit.system()).resolveActorRef("pekko://outrider@10.1.2.3:17355/temp/somebody#123");
    }
}
