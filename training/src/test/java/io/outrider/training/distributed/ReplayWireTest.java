package io.outrider.training.distributed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.outrider.lake.checkpoint.CheckpointFile;
import io.outrider.training.dataset.DatasetOrigin;
import io.outrider.training.dataset.PartitionProgress;
import io.outrider.training.wire.JsonWire;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.lang.reflect.Modifier;
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
class ReplayWireTest {

    private static ActorTestKit kit;
    private static ReplayWire wire;

    @BeforeAll
    static void start() throws NotSerializableException {
        kit = ActorTestKit.create(ConfigFactory.parseString("""
                        pekko {
                          loglevel = WARNING
                          actor.provider = cluster
                          remote.artery.canonical { hostname = 127.0.0.1, port = 0 }
                          cluster.jmx.enabled = off
                        }
                        """)
                .withFallback(ConfigFactory.parseResources("training-pekko.conf"))
                .withFallback(ConfigFactory.load()));
        wire = (ReplayWire) SerializationExtension.get(Adapter.toClassic(kit.system()))
                .serializerFor(ReplayWorkerEntity.Take.class);
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void everyMessageIsWrittenAsItAlwaysWas() throws IOException {
        List<String> written = new ArrayList<>();
        examples().forEach((name, message) -> {
            byte[] bytes = wire.toBinary(message);
            assertThat(bytes[0]).as(name).isEqualTo(JsonWire.VERSION);
            written.add(name + "\t" + wire.manifest(message) + "\t" + new String(bytes, 1, bytes.length - 1, UTF_8));
        });
        assertThat(written).containsExactlyElementsOf(golden());
    }

    @Test
    void everyMessageIsReadAsItAlwaysWas() throws IOException {
        List<Object> examples = List.copyOf(examples().values());
        List<String> golden = golden();
        for (int i = 0; i < golden.size(); i++) {
            String[] parts = golden.get(i).split("\t", 3);
            assertThat(wire.fromBinary(bytes(parts[2]), parts[1])).isEqualTo(examples.get(i));
        }
    }

    /** As it is said by nodes, and stands in lakes, of before there were pseudonyms. */
    @Test
    void anOriginThatSaysNothingOfPseudonymsHasNone() throws IOException {
        String[] parts = golden().get(0).split("\t", 3);
        String before = parts[2].replace(",\"pseudonyms\":\"\"", "");
        assertThat(before).isNotEqualTo(parts[2]);
        assertThat(wire.fromBinary(bytes(before), parts[1]))
                .isEqualTo(examples().get("take"));
    }

    /** As it is said by nodes of before orders named the last file alone. */
    @Test
    void anOrderThatNamesAllFilesIsOneOfAnEarlierProgram() throws IOException {
        String[] parts = golden().get(0).split("\t", 3);
        String before = parts[2].replace(
                "\"files\":[],\"captured\":{\"count\":2,\"last\":\"outrider/transactions/3/c.avro\"}",
                "\"files\":[\"outrider/transactions/3/b.avro\",\"outrider/transactions/3/c.avro\"]");
        assertThat(before).isNotEqualTo(parts[2]);
        ReplayWorkerEntity.Take read = (ReplayWorkerEntity.Take) wire.fromBinary(bytes(before), parts[1]);
        assertThat(read.order().captured()).isNull();
        assertThat(read.order().files()).hasSize(2);
    }

    @Test
    void nothingThatCanCrossTheWireIsForgotten() throws NotSerializableException {
        Set<Class<?>> bound = Set.copyOf(ReplayWire.MESSAGES.values());
        Set<Class<?>> local = Set.of(ReplayWorkerEntity.Leave.class, ReplayCoordinatorEntity.Stop.class);
        Stream.of(ReplayWorkerEntity.Command.class, ReplayCoordinatorEntity.Command.class)
                .flatMap(family -> Stream.of(family.getPermittedSubclasses()))
                .filter(message -> !Modifier.isPrivate(message.getModifiers()))
                .forEach(message -> assertThat(bound.contains(message) ^ local.contains(message))
                        .as(message + " either has a place on the wire or is known never to get there")
                        .isTrue());
        List<Object> spoken = new ArrayList<>();
        for (Object message : examples().values()) {
            spoken.add(message instanceof ReplayCoordinatorEntity.Answer answer ? answer.outcome() : message);
        }
        Set<Class<?>> shown = spoken.stream().map(Object::getClass).collect(Collectors.toSet());
        assertThat(shown).contains(ReplayOutcome.class.getPermittedSubclasses());
        var serialization = SerializationExtension.get(Adapter.toClassic(kit.system()));
        for (Class<?> message : bound) {
            assertThat(serialization.serializerFor(message)).isSameAs(wire);
        }
    }

    @Test
    void unknownFieldsArePassedOverAndAnotherVersionIsRefusedByName() throws NotSerializableException {
        Object alive = examples().get("alive");
        byte[] more = bytes("{\"since\":1,\"from\":\"pekko://outrider@127.0.0.1:2/system/etl-worker-1#3\"}");
        assertThat(wire.fromBinary(more, "alive")).isEqualTo(alive);
        byte[] later = wire.toBinary(Objects.requireNonNull(alive));
        later[0] = 2;
        assertThatThrownBy(() -> wire.fromBinary(later, "alive"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessage("message 'alive' is in format version 2, this program reads version 1");
    }

    private static Map<String, Object> examples() {
        ActorRefResolver actors = ActorRefResolver.get(kit.system());
        ActorRef<ReplayCoordinatorEntity.Command> coordinator =
                actors.resolveActorRef("pekko://outrider@127.0.0.1:1/system/etl-replay-4#2");
        ActorRef<ReplayWorkerEntity.Command> worker =
                actors.resolveActorRef("pekko://outrider@127.0.0.1:2/system/etl-worker-1#3");
        CheckpointFile states = new CheckpointFile("c/t/data/p0003-000000000000-ab/states-0.avro", 1234, "0a1b2c3d", 7);
        ReplayOrder order = new ReplayOrder(
                "c/t/data/p0003-000000000045-cd/",
                new DatasetOrigin("outrider/transactions", "g1", 6, "murmur2", "t", "0f", DatasetOrigin.IN_FORCE, ""),
                true,
                new PartitionProgress(3, 45, 1_772_323_200_000L, "outrider/transactions/3/a.avro", List.of(states)),
                List.of(),
                new ReplayOrder.Captured(2, "outrider/transactions/3/c.avro"));
        Map<String, Object> examples = new LinkedHashMap<>();
        examples.put("take", new ReplayWorkerEntity.Take(order, coordinator));
        examples.put("done", answer(order, ReplayOutcome.Done.INSTANCE, worker));
        examples.put("failed", answer(order, new ReplayOutcome.Failed("a gap", true), worker));
        examples.put("refused", answer(order, new ReplayOutcome.Refused("another program"), worker));
        examples.put("alive", new ReplayCoordinatorEntity.Alive(worker));
        return examples;
    }

    private static ReplayCoordinatorEntity.Answer answer(
            ReplayOrder order, ReplayOutcome outcome, ActorRef<ReplayWorkerEntity.Command> worker) {
        return new ReplayCoordinatorEntity.Answer(order.folder(), outcome, worker);
    }

    private static byte[] bytes(String json) {
        byte[] text = json.getBytes(UTF_8);
        byte[] bytes = new byte[text.length + 1];
        bytes[0] = JsonWire.VERSION;
        System.arraycopy(text, 0, bytes, 1, text.length);
        return bytes;
    }

    private static List<String> golden() throws IOException {
        try (InputStream in = Objects.requireNonNull(ReplayWireTest.class.getResourceAsStream("/wire/replay-v1.txt"))) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }
}
