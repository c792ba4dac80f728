package io.outrider.lake.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.model.Canary;
import io.outrider.core.model.ContextRef;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** What stands in the files, and which versions of the program read it. */
class CheckpointFormatTest extends CheckpointFixture {

    @Test
    void aManifestFromBeforeThereWerePreviousCheckpointsIsRead() throws IOException {
        String json = """
                {"version": 1, "topic": "transactions", "generation": "g", "partition": 3, "epoch": 7, "owner": "o",
                 "barrier": 2, "nextOffset": 20, "planFingerprint": "plan",
                 "context": {"modelVersion": "m1", "riskVersion": 0}, "base": [], "deltas": []}""";
        CheckpointManifest manifest = CheckpointManifest.fromJson("m", json.getBytes(StandardCharsets.UTF_8));
        assertThat(manifest.previous()).isNull();
        assertThat(manifest.changes())
                .as("what is known of its history")
                .containsExactly(new ContextChange(20, CONTEXT));
        assertThat(manifest.nextOffset()).isEqualTo(20);
    }

    @Test
    void aManifestWithACanaryIsOfAVersionThatBuildsWithoutCanariesRefuse() throws IOException {
        Held held = checkpoints.claim(claim("a", "g", 0, "plan"));
        ContextRef shadowed = new ContextRef("m1", 3, "m2", null);
        ContextRef canary = shadowed.withCanary(new Canary("m2", 0.25));
        held = advance(held, 1, shadowed);
        assertThat(held.manifest().version()).isEqualTo(1);
        assertThat(read().context()).isEqualTo(shadowed);
        held = advance(held, 2, canary);
        assertThat(held.manifest().version()).isEqualTo(2);
        assertThat(read()).isEqualTo(held.manifest());
        held = advance(held, 3, shadowed);
        assertThat(held.manifest().version()).as("a way back decides under it").isEqualTo(2);
        held = advance(held, 4, shadowed);
        assertThat(held.manifest().version()).isEqualTo(1);
    }

    @Test
    void aFileIsPlainAvroThatAnyReaderUnderstands() throws IOException {
        Held held = advance(checkpoints.claim(claim("a", "g", 0, "plan")), 1, true, Map.of("x", "1"));
        byte[] content =
                lake.get(held.manifest().base().get(0).name()).orElseThrow().content();
        try (var reader =
                new DataFileReader<>(new SeekableByteArrayInput(content), new GenericDatumReader<GenericRecord>())) {
            assertThat(reader.getMetaString("outrider.plan")).isEqualTo("plan");
            assertThat(reader.next().get("account")).hasToString("x");
        }
    }

    private Held advance(Held from, long barrier, ContextRef context) throws IOException {
        Checkpoint to = new Checkpoint(
                barrier, barrier * 10, context, true, AccountStream.of(List.of(new AccountBytes("x", new byte[] {1}))));
        return ((Outcome.Written) checkpoints.advance(from, to)).held();
    }

    private CheckpointManifest read() throws IOException {
        String name = "checkpoints/transactions/3/manifest.json";
        return CheckpointManifest.fromJson(name, lake.get(name).orElseThrow().content());
    }
}
