package io.outrider.training.databricks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.training.job.Job;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The few calls of Databricks' Jobs API (2.1) that a trigger needs. What may go well another time (no answer, 429, 5xx) is
 * asked again, after the pause that the answer asks for or one that doubles, for as long as the settings' patience; what may not is a {@link
 * Job.HopelessException}. For one thread.
 */
final class JobsApi {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_DOUBLINGS = 5;

    private final DatabricksSettings settings;
    private final HttpClient http;

    /**
     * A run there.
     *
     * @param over whether it has ended
     * @param succeeded whether it has ended well
     * @param state in Databricks' words
     * @param page where a person can see it; may be empty
     */
    record RemoteRun(boolean over, boolean succeeded, String state, String page) {}

    JobsApi(DatabricksSettings settings) {
        this.settings = settings;
        this.http =
                HttpClient.newBuilder().connectTimeout(settings.requestLimit()).build();
    }

    /** Triggers the job; under a token that was used before, the answer is the run that came of it then. */
    long runNow(String token, Map<String, String> parameters)
            throws IOException, InterruptedException, Job.HopelessException {
        ObjectNode body = JSON.createObjectNode();
        body.put("job_id", settings.jobId());
        body.put("idempotency_token", token);
        if (!parameters.isEmpty()) {
            ObjectNode given = body.putObject("job_parameters");
            parameters.forEach(given::put);
        }
        JsonNode answer = call(post("/api/2.1/jobs/run-now", body));
        long run = answer.path("run_id").asLong(0);
        if (run == 0) {
            throw new IOException("Databricks answered without a run_id: " + answer);
        }
        return run;
    }

    RemoteRun get(long run) throws IOException, InterruptedException, Job.HopelessException {
        JsonNode answer = call(request("/api/2.1/jobs/runs/get?run_id=" + run).GET());
        JsonNode state = answer.path("state");
        String cycle = state.path("life_cycle_state").asText();
        String result = state.path("result_state").asText();
        boolean over = switch (cycle) {
            case "TERMINATED", "SKIPPED", "INTERNAL_ERROR" -> true;
            case "QUEUED", "PENDING", "BLOCKED", "WAITING_FOR_RETRY", "RUNNING", "TERMINATING" -> false;
            default -> throw new IOException("Databricks answered with a state that is not known: '" + cycle + "'");
        };
        String message = state.path("state_message").asText();
        return new RemoteRun(
                over,
                cycle.equals("TERMINATED") && result.equals("SUCCESS"),
                (cycle + " " + result).strip() + (message.isBlank() ? "" : ": " + message),
                answer.path("run_page_url").asText());
    }

    /** Asks for its end, which comes a while later. */
    void cancel(long run) throws IOException, InterruptedException, Job.HopelessException {
        ObjectNode body = JSON.createObjectNode();
        body.put("run_id", run);
        call(post("/api/2.1/jobs/runs/cancel", body));
    }

    private HttpRequest.Builder post(String path, JsonNode body) {
        return request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    }

    private HttpRequest.Builder request(String path) {
        URI uri = settings.url().resolve(path);
        return HttpRequest.newBuilder(uri)
                .timeout(settings.requestLimit())
                .header("Authorization", "Bearer " + settings.token());
    }

    private JsonNode call(HttpRequest.Builder builder) throws IOException, InterruptedException, Job.HopelessException {
        HttpRequest request = builder.build();
        long giveUp = System.nanoTime() + settings.patience().toNanos();
        for (int tries = 0; ; tries++) {
            OptionalLong wished = OptionalLong.empty();
            IOException failure;
            try {
                HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
                if (answer.statusCode() == 200) {
                    return parse(answer.body());
                }
                failure = new IOException("Databricks answered " + answer.statusCode() + ": " + reason(answer.body()));
                if (answer.statusCode() != 429 && answer.statusCode() < 500) {
                    throw new Job.HopelessException(String.valueOf(failure.getMessage()), failure);
                }
                wished = retryAfter(answer);
            } catch (IOException e) {
                failure = new IOException("Databricks does not answer: " + e, e);
            }
            long pauseMs = wished.orElse(settings.poll().toMillis() << Math.min(tries, MOST_DOUBLINGS));
            if (System.nanoTime() + Duration.ofMillis(pauseMs).toNanos() > giveUp) {
                throw failure;
            }
            Thread.sleep(pauseMs);
        }
    }

    private static OptionalLong retryAfter(HttpResponse<String> answer) {
        String seconds = answer.headers().firstValue("Retry-After").orElse("");
        return seconds.matches("\\d{1,5}") ? OptionalLong.of(1_000 * Long.parseLong(seconds)) : OptionalLong.empty();
    }

    private static JsonNode parse(String body) throws IOException {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IOException("an answer that is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static String reason(String body) {
        try {
            JsonNode problem = JSON.readTree(body);
            return (problem.path("error_code").asText() + " "
                            + problem.path("message").asText())
                    .strip();
        } catch (JsonProcessingException e) {
            return body.length() > 200 ? body.substring(0, 200) : body;
        }
    }
}
