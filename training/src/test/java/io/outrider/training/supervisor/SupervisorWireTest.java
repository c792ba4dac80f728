package io.outrider.training.supervisor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.port.Runs;
import io.outrider.core.run.Run;
import io.outrider.core.run.RunCause;
import io.outrider.core.run.RunPlace;
import io.outrider.core.run.RunProgress;
import io.outrider.core.run.RunRequest;
import io.outrider.core.run.RunState;
import io.outrider.training.job.JobResult;
import io.outrider.training.wire.JsonWire;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.lang.reflect.Modifier;
import java.time.Instant;
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
class SupervisorWireTest {

    private static final String GOLDEN = "/wire/supervisor-v1.txt";
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

    private static ActorTestKit kit;
    private static SupervisorWire wire;

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
        wire = (SupervisorWire)
                SerializationExtension.get(Adapter.toClassic(kit.system())).serializerFor(SupervisorEntity.Start.class);
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void everyMessageIsWrittenAsItAlwaysWas() throws IOException {
        Map<String, String> golden = golden();
        Map<String, String> written = new LinkedHashMap<>();
        examples().forEach((name, message) -> {
            byte[] bytes = wire.toBinary(message);
            assertThat(bytes[0]).as(name).isEqualTo(JsonWire.VERSION);
            written.put(
                    name, name + "\t" + wire.manifest(message) + "\t" + new String(bytes, 1, bytes.length - 1, UTF_8));
        });
        assertThat(written.values()).containsExactlyElementsOf(golden.values());
    }

    @Test
    void everyMessageIsReadAsItAlwaysWas() throws IOException {
        for (String line : golden().values()) {
            String[] parts = line.split("\t", 3);
            byte[] bytes = bytes(parts[2]);
            Object read = wire.fromBinary(bytes, parts[1]);
            assertThat(wire.toBinary(read)).as(line).isEqualTo(bytes);
        }
    }

    @Test
    void nothingThatCanCrossTheWireIsForgotten() {
        Set<Class<?>> bound = Set.copyOf(SupervisorWire.MESSAGES.values());
        Set<Class<?>> local = Set.of(SupervisorEntity.Stop.class, WorkerEntity.Drain.class);
        Stream.of(SupervisorEntity.Command.class, SupervisorEntity.Reply.class, WorkerEntity.Command.class)
                .flatMap(family -> Stream.of(family.getPermittedSubclasses()))
                .filter(message -> !Modifier.isPrivate(message.getModifiers()))
                .forEach(message -> assertThat(bound.contains(message) ^ local.contains(message))
                        .as(message + " either has a place on the wire or is known never to get there")
                        .isTrue());
        List<Object> spoken = new ArrayList<>(examples().values());
        for (Object message : examples().values()) {
            if (message instanceof SupervisorEntity.Report report) {
                spoken.add(report.status());
            } else if (message instanceof SupervisorEntity.Started started) {
                spoken.add(started.answer());
            } else if (message instanceof SupervisorEntity.Cancelled cancelled) {
                spoken.add(cancelled.answer());
            }
        }
        Set<Class<?>> shown = spoken.stream().map(Object::getClass).collect(Collectors.toSet());
        assertThat(shown).containsAll(bound);
        Stream.of(WorkStatus.class, Runs.Answer.class, Runs.Cancellation.class)
                .forEach(family -> assertThat(shown).contains(family.getPermittedSubclasses()));
    }

    @Test
    void everyMessageHasItsSerializer() throws NotSerializableException {
        var serialization = SerializationExtension.get(Adapter.toClassic(kit.system()));
        for (Class<?> message : SupervisorWire.MESSAGES.values()) {
            assertThat(serialization.serializerFor(message)).isSameAs(wire);
        }
    }

    @Test
    void anotherVersionAndAnotherMessageAreRefusedByName() {
        byte[] later = wire.toBinary(new SupervisorEntity.Found(null));
        later[0] = 2;
        assertThatThrownBy(() -> wire.fromBinary(later, "found"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessage("message 'found' is in format version 2, this program reads version 1");
        assertThatThrownBy(() -> wire.fromBinary(later, "lost"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessage("message 'lost' is unknown to this program");
    }

    private static Map<String, Object> examples() {
        ActorRefResolver actors = ActorRefResolver.get(kit.system());
        ActorRef<SupervisorEntity.Reply> asker = actors.resolveActorRef("pekko://outrider@127.0.0.1:1/temp/api#1");
        ActorRef<SupervisorEntity.Command> supervisor =
                actors.resolveActorRef("pekko://outrider@127.0.0.1:1/user/batch-supervisor#2");
        ActorRef<WorkerEntity.Command> worker =
                actors.resolveActorRef("pekko://outrider@127.0.0.1:2/system/batch-worker#3");
        Work work = new Work("etl", 12, 2);
        Run queued = RunTransitions.queued(
                "etl", 12, new RunRequest(RunCause.DRIFT, "why", Map.of("seed", "7"), "key"), AT, AT);
        Run running = RunTransitions.progressed(
                RunTransitions.begun(queued, new RunPlace("127.0.0.1:2", "worker", AT)),
                new RunProgress(0.5, "replay", Map.of("rows", 7L)));
        Run again = RunTransitions.again(running, "broken", AT);
        Run stopping = RunTransitions.stopping(running, RunState.CANCELLED, AT);
        Run done = RunTransitions.succeeded(running, JobResult.done("made it", Map.of("version", "3")), AT);
        Map<String, Object> examples = new LinkedHashMap<>();
        examples.put("start", new SupervisorEntity.Start("etl", queued.request(), asker));
        examples.put("list", new SupervisorEntity.ListRuns("etl", 9L, 20, asker));
        examples.put("find", new SupervisorEntity.Find("etl", 12, asker));
        examples.put("cancel", new SupervisorEntity.Cancel("etl", 12, asker));
        examples.put("working", report(work, new WorkStatus.Working(running.progress()), worker));
        examples.put(
                "done", report(work, new WorkStatus.Done(JobResult.done("made it", Map.of("version", "3"))), worker));
        examples.put("failed", report(work, new WorkStatus.Failed("broken", true), worker));
        examples.put("halted", report(work, WorkStatus.Halted.INSTANCE, worker));
        examples.put("abandoned", report(work, WorkStatus.Abandoned.INSTANCE, worker));
        examples.put("unknown", report(work, WorkStatus.Unknown.INSTANCE, worker));
        examples.put("accepted", new SupervisorEntity.Started(new Runs.Answer.Accepted(queued)));
        examples.put("repeated", new SupervisorEntity.Started(new Runs.Answer.Repeated(done)));
        examples.put("key-reused", new SupervisorEntity.Started(new Runs.Answer.KeyReused(again)));
        examples.put("busy", new SupervisorEntity.Started(new Runs.Answer.Busy(stopping)));
        examples.put("too-soon", new SupervisorEntity.Started(new Runs.Answer.TooSoon(AT)));
        examples.put("refused", new SupervisorEntity.Started(new Runs.Answer.Refused("sed", "7", "no such")));
        examples.put("unknown-kind", new SupervisorEntity.Started(new Runs.Answer.UnknownKind(List.of("etl"))));
        examples.put("listed", new SupervisorEntity.Listed(new Runs.Page(List.of(running), 12L)));
        examples.put("no-kind", new SupervisorEntity.Listed(null));
        examples.put("found", new SupervisorEntity.Found(done));
        examples.put("not-found", new SupervisorEntity.Found(null));
        examples.put("cancelled", new SupervisorEntity.Cancelled(new Runs.Cancellation.Cancelled(stopping)));
        examples.put("ended", new SupervisorEntity.Cancelled(new Runs.Cancellation.Ended(done)));
        examples.put("no-run", new SupervisorEntity.Cancelled(Runs.Cancellation.Unknown.INSTANCE));
        examples.put("execute", new WorkerEntity.Execute(work, AT, Map.of("seed", "7"), supervisor));
        examples.put("attach", new WorkerEntity.Attach(work, supervisor));
        examples.put("halt", new WorkerEntity.Halt(work));
        examples.put("acknowledge", new WorkerEntity.Acknowledge(work));
        return examples;
    }

    private static SupervisorEntity.Report report(Work work, WorkStatus status, ActorRef<WorkerEntity.Command> worker) {
        return new SupervisorEntity.Report(work, status, worker);
    }

    private static byte[] bytes(String json) {
        byte[] text = json.getBytes(UTF_8);
        byte[] bytes = new byte[text.length + 1];
        bytes[0] = JsonWire.VERSION;
        System.arraycopy(text, 0, bytes, 1, text.length);
        return bytes;
    }

    private static Map<String, String> golden() throws IOException {
        Map<String, String> golden = new LinkedHashMap<>();
        try (InputStream in = Objects.requireNonNull(SupervisorWireTest.class.getResourceAsStream(GOLDEN))) {
            for (String line : new String(in.readAllBytes(), UTF_8).split("\n", -1)) {
                if (!line.isEmpty()) {
                    golden.put(line.substring(0, line.indexOf('\t')), line);
                }
            }
        }
        return golden;
    }
}
