package io.outrider.app.command;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code outrider score}: a table through {@code POST batch-score} of a running node. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Scores the rows of a CSV file against a running node's accounts as they are; changes nothing.",
            "Writes the same rows with score, threshold, anomalous, severity, model_version, reasons and error."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every row is answered (some perhaps by an error)",
            "1:no answer, or it broke off",
            "2:bad usage"
        })
public final class ScoreCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "CSV, UTF-8, with a header that has user_id, amount and timestamp.")
    private Path file;

    @Option(
            names = "--map",
            paramLabel = "FIELD=COLUMN",
            description = "A column of another name, such as --map amount=Betrag. May be repeated.")
    private Map<String, String> mapping = new TreeMap<>();

    @Option(names = "--url", paramLabel = "URL", description = "The node. Default: ${DEFAULT-VALUE}.")
    private String url = "http://127.0.0.1:8080";

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write. Default: standard output.")
    private @Nullable Path out;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:OUTRIDER_TOKEN}",
            description = "Bearer token, where the node asks for one. Default: OUTRIDER_TOKEN of the environment.")
    private @Nullable String token;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Files.isReadable(file)) {
            throw new CommandException("cannot read " + file);
        }
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpResponse<InputStream> answer;
        try {
            answer = client.send(request(), BodyHandlers.ofInputStream());
        } catch (ConnectException e) {
            throw new CommandException("no node answers at " + url + "; start one, or name another with --url");
        }
        try (InputStream body = answer.body()) {
            if (answer.statusCode() != 200) {
                throw new CommandException("the node answered " + answer.statusCode() + ": "
                        + new String(body.readNBytes(2_000), StandardCharsets.UTF_8).strip());
            }
            if (out == null) {
                body.transferTo(System.out);
                System.out.flush();
            } else {
                Files.copy(body, out, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new CommandException(
                    "the answer broke off; the rows that came are right, the others are missing: " + e.getMessage());
        }
        return 0;
    }

    private HttpRequest request() throws IOException {
        String map = mapping.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining(","));
        String query = map.isEmpty() ? "" : "?map=" + URLEncoder.encode(map, StandardCharsets.UTF_8);
        URI target;
        try {
            target = URI.create(url + "/api/v1/batch-score" + query);
        } catch (IllegalArgumentException e) {
            throw new CommandException("--url is no address: " + url);
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(target)
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofFile(file));
        if (token != null && !token.isBlank()) {
            request.header("Authorization", "Bearer " + token);
        }
        return request.build();
    }
}
