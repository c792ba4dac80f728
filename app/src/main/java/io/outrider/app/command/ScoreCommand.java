package io.outrider.app.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.HttpCredentials;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.apache.pekko.stream.javadsl.FileIO;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
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

    private static final long LONGEST_PROBLEM_BYTES = 1 << 20;

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
    public Integer call() throws InterruptedException {
        if (!Files.isReadable(file)) {
            throw new CommandException("cannot read " + file);
        }
        HttpRequest request = request();
        ActorSystem system = ActorSystem.create("outrider-score", settings());
        try {
            score(request, system);
        } finally {
            system.terminate();
        }
        return 0;
    }

    /** The node answers row by row as they come and waits until that is read, so it is read while the table is sent. */
    private void score(HttpRequest request, ActorSystem system) throws InterruptedException {
        HttpResponse answer;
        try {
            answer = Http.get(system)
                    .singleRequest(request)
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException e) {
            throw new CommandException("no node answers at " + url + "; start one, or name another with --url", e);
        }
        Source<ByteString, Object> body = answer.entity().withoutSizeLimit().getDataBytes();
        try {
            if (answer.status().intValue() != StatusCodes.OK.intValue()) {
                String problem = body.limitWeighted(LONGEST_PROBLEM_BYTES, part -> (long) part.length())
                        .runFold(ByteString.emptyByteString(), ByteString::concat, system)
                        .toCompletableFuture()
                        .get()
                        .utf8String();
                throw new CommandException(
                        "the node answered " + answer.status().intValue() + ": " + problem.strip());
            }
            body.runWith(rows(), system).toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new CommandException(
                    "the answer broke off; the rows that came are right, the others are missing: "
                            + Objects.requireNonNullElse(e.getCause(), e).getMessage(),
                    e);
        }
        if (System.out.checkError()) {
            throw new CommandException("the scores could not be written to standard output");
        }
    }

    private Sink<ByteString, ? extends CompletionStage<?>> rows() {
        return out == null ? Sink.foreach(part -> System.out.writeBytes(part.toArray())) : FileIO.toPath(out);
    }

    private HttpRequest request() {
        String map = mapping.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining(","));
        String query = map.isEmpty() ? "" : "?map=" + URLEncoder.encode(map, StandardCharsets.UTF_8);
        HttpRequest request;
        try {
            request = HttpRequest.POST(new URI(url + "/api/v1/batch-score" + query).toString())
                    .withEntity(HttpEntities.createChunked(ContentTypes.TEXT_CSV_UTF8, FileIO.fromPath(file)));
        } catch (URISyntaxException | IllegalUriException e) {
            throw new CommandException("--url is no address: " + url, e);
        }
        return token == null || token.isBlank()
                ? request
                : request.addCredentials(HttpCredentials.createOAuth2BearerToken(token));
    }

    /** A process of its own, which joins no cluster and says nothing but rows. */
    private static Config settings() {
        return ConfigFactory.parseString("""
                        pekko {
                          actor.provider = local
                          loglevel = OFF
                          stdout-loglevel = OFF
                          http.host-connection-pool.client.idle-timeout = 10 minutes
                        }
                        """).withFallback(ConfigFactory.load());
    }
}
