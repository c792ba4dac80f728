package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four months as Capture files, made a dataset by the command line, and read by an engine that is none of ours. */
class EtlTest {

    @TempDir
    private Path directory;

    private String outrider(List<String> arguments) throws Exception {
        Path log = Files.createTempFile(directory, "outrider", ".log");
        Process process = LocalOutrider.outrider(log, arguments);
        boolean ended = process.waitFor(10, TimeUnit.MINUTES);
        String output = Files.readString(log);
        assertThat(ended).as(output).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    @Test
    void whatDuckDbSumsInTheDatasetIsWhatItSumsInTheSource() throws Exception {
        Handbook handbook = Handbook.data();
        String data = directory.resolve("data").toString();
        List<String> bench = new ArrayList<>(List.of("bench", "etl", "--data-dir", data));
        bench.addAll(handbook.files());
        outrider(bench);

        String listed = outrider(List.of("datasets", "list", "--json", "--data-dir", data));
        JsonNode manifest = new ObjectMapper().readTree(listed.substring(listed.indexOf('{')));
        assertThat(manifest.get("version").asInt()).isEqualTo(1);
        assertThat(manifest.get("total").get("bad")).isEmpty();
        List<String> files = new ArrayList<>();
        for (JsonNode file : manifest.get("files")) {
            files.add(Path.of(data, "lake", file.get("name").asText()).toString());
        }
        assertThat(Handbook.totalsOfDataset(files)).isEqualTo(handbook.totals());

        assertThat(outrider(List.of("etl", "--data-dir", data))).contains("nothing new");
    }
}
