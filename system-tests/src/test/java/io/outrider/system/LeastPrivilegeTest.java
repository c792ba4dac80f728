package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each part with the rights that Terraform gives its identity on Azure and no others: a broker and a blob server that refuse the rest.
 * The cluster starts, detects, keeps alerts, takes labels, makes datasets, trains, backtests, answers about the past, tidies up and
 * erases, people look after it, and nothing is refused.
 */
class LeastPrivilegeTest {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void whatTerraformGrantsEachPartIsAllThatItNeeds() throws Exception {
        URI azurite = URI.create(Objects.requireNonNull(
                System.getenv("OUTRIDER_TEST_AZURITE"), "this test needs a blob server: run it under .ci/azurite"));
        try (GuardedCluster cluster = new GuardedCluster(folder, azurite, AzureGrants.read());
                ClusterLoad load = new ClusterLoad(cluster.innerServers(), folder.resolve("input.csv"), 100)) {
            load.start();
            cluster.capture();
            cluster.start();
            OutriderHttp api = cluster.http("api");
            JsonNode alert = alert(cluster, api);
            label(api, alert);
            send(api);
            work(api);
            look(api);
            erase(api, alert);
            load.stop();
            operate(cluster);

            assertThat(cluster.refused()).as("what a part tried and may not").isEmpty();
            for (String part : GuardedBroker.PARTS) {
                assertThat(cluster.complaints(part)).as(part).isEmpty();
            }
            assertThat(cluster.used("detection"))
                    .contains("writes checkpoints", "writes models", "reads alerts", "reads erasures");
            assertThat(cluster.used("api"))
                    .contains(
                            "writes erasures",
                            "reads alerts",
                            "reads checkpoints",
                            "reads backtests",
                            "reads processed-transactions",
                            "reads raw-transactions");
            assertThat(cluster.used("batch"))
                    .contains(
                            "reads raw-transactions",
                            "writes processed-transactions",
                            "writes alerts",
                            "writes runs",
                            "writes checkpoints",
                            "writes backtests",
                            "writes erasures");
        }
    }

    private static JsonNode alert(GuardedCluster cluster, OutriderHttp api) {
        await("an alert").atMost(LIMIT).until(() -> alerts(api).size() > 0);
        await("its place in the lake")
                .atMost(LIMIT)
                .until(() -> cluster.used("batch").contains("writes alerts"));
        return await("alerts")
                .atMost(LIMIT)
                .until(() -> alerts(api), found -> found.size() > 0)
                .get(0);
    }

    private static JsonNode alerts(OutriderHttp api) throws Exception {
        return api.get("/api/v1/alerts?limit=1").get("items");
    }

    private static void label(OutriderHttp api, JsonNode alert) throws Exception {
        accepted(api.post(
                "/api/v1/alerts/" + alert.get("id").asText() + "/label",
                "application/json",
                "{\"verdict\":\"fraud\",\"by\":\"test\"}"));
    }

    private static void send(OutriderHttp api) throws Exception {
        accepted(
                api.post(
                        "/api/v1/transactions",
                        "application/json",
                        "{\"transaction_id\":\"x-1\",\"user_id\":\"account-000\",\"amount\":1,\"timestamp\":\"2024-03-01T00:00:00Z\"}"));
    }

    /** Batch work of each kind. */
    private static void work(OutriderHttp api) throws Exception {
        await("a dataset")
                .atMost(LIMIT)
                .until(() -> run(api, "etl", "{}"), run -> outcome(run).equals("done"));
        // Too little data for a model: it ends as refused; that it ends is what counts here.
        run(api, "training", "{}");
        String model = api.get("/api/v1/models").at("/items/0/version").asText();
        JsonNode backtest = run(api, "backtest", "{\"model\":\"" + model + "\"}");
        assertThat(outcome(backtest)).as(backtest.toString()).isEqualTo("done");
        JsonNode report = api.get("/api/v1/backtest/runs/" + backtest.get("id").asText() + "/report");
        assertThat(report.isObject()).as(report.toString()).isTrue();
        JsonNode retention = run(api, "retention", "{}");
        assertThat(outcome(retention)).as(retention.toString()).isIn("done", "nothing-new");
    }

    /** A run, once it has ended. */
    private static JsonNode run(OutriderHttp api, String kind, String parameters) throws Exception {
        HttpResponse<String> run = api.post("/api/v1/" + kind + "/runs", "application/json", parameters);
        assertThat(run.statusCode()).as(run.body()).isEqualTo(202);
        String location = run.headers().firstValue("Location").orElseThrow();
        return await("the end of a run of " + kind)
                .atMost(LIMIT)
                .until(() -> api.get(location), found -> !found.get("outcome").isNull());
    }

    private static String outcome(JsonNode run) {
        return run.get("outcome").asText();
    }

    /** What people look at. A transaction that never was is looked for everywhere. */
    private static void look(OutriderHttp api) throws Exception {
        for (String page : List.of(
                "models",
                "monitoring/drift",
                "monitoring/quality",
                "monitoring/performance",
                "review?limit=1",
                "transactions/none?account=account-000")) {
            assertThat(answer(api, "GET", "/api/v1/" + page).statusCode())
                    .as(page)
                    .isIn(200, 404);
        }
    }

    private static void erase(OutriderHttp api, JsonNode alert) throws Exception {
        HttpResponse<String> erased =
                answer(api, "DELETE", "/api/v1/accounts/" + alert.get("account").asText());
        accepted(erased);
        String erasure = erased.headers().firstValue("Location").orElseThrow();
        await("the end of an erasure")
                .atMost(LIMIT)
                .until(() -> api.get(erasure).get("finished").asBoolean());
    }

    /** The commands of docs/operations.md, in the pod that it names for each. */
    private static void operate(GuardedCluster cluster) throws Exception {
        cluster.run("detection", "topics", "check");
        cluster.run("batch", "redrive", "--dry-run");
        cluster.run("batch", "datasets", "list");
        cluster.run("batch", "retention");
        cluster.stop();
        cluster.run("batch", "rebuild", "--from-capture");
    }

    private static void accepted(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    }

    private static HttpResponse<String> answer(OutriderHttp api, String method, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(api.uri(path))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
