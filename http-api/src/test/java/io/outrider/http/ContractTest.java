package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.LevelResolverFactory;
import com.atlassian.oai.validator.report.ValidationReport;
import io.outrider.http.access.AuthorizationTable;
import io.outrider.http.access.Operation;
import io.outrider.http.access.Role;
import io.outrider.http.access.TokenIssuer;
import io.outrider.http.problem.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Sends every operation of {@code openapi.yaml}, well and badly, and holds each answer to the document. An operation without
 * a line in {@link ContractExamples} fails.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ContractTest {

    private final TokenIssuer issuer = new TokenIssuer();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private TestServer server;
    private OpenApiInteractionValidator document;
    private DocumentedMembers members;
    private int cases;

    @BeforeAll
    void start() throws IOException {
        server = TestServer.withTokensOf(issuer);
        ContractExamples.fill(server.node);
        try (InputStream in = ContractTest.class.getResourceAsStream("/openapi.yaml")) {
            assertThat(in).isNotNull();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            members = new DocumentedMembers(text);
            document = OpenApiInteractionValidator.createForInlineApiSpecification(text)
                    .withLevelResolver(LevelResolverFactory.withAdditionalPropertiesIgnored())
                    .build();
        }
    }

    @AfterAll
    void stop() {
        server.close();
        issuer.close();
        System.out.println(cases + " requests held to the document");
    }

    @TestFactory
    List<DynamicTest> everyAnswerIsAsDocumented() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Operation operation : AuthorizationTable.operations()) {
            List<ContractExamples.Example> examples = ContractExamples.of(operation.toString());
            tests.add(DynamicTest.dynamicTest(
                    operation + " has an example",
                    () -> assertThat(examples)
                            .as("add an example of " + operation + " to ContractExamples")
                            .anyMatch(example -> example.status() < 400)));
            for (ContractExamples.Example example : examples) {
                tests.add(DynamicTest.dynamicTest(operation + ": " + example, () -> holds(operation, example)));
            }
            tests.add(DynamicTest.dynamicTest(operation + " refused", () -> refusalsHold(operation)));
        }
        return tests;
    }

    @Test
    void anAnswerThatIsNotAsDocumentedIsFound() {
        ValidationReport report = document.validateResponse(
                "/api/v1/alerts",
                Request.Method.GET,
                SimpleResponse.Builder.ok()
                        .withContentType("application/json")
                        .withBody("{\"items\":[{\"id\":1}]}")
                        .build());

        assertThat(report.hasErrors()).isTrue();
    }

    @Test
    void allTypesOfProblemsAreDescribed() {
        assertThat(members.problemTypes())
                .containsExactlyElementsOf(Arrays.stream(ProblemType.values())
                        .map(ProblemType::uri)
                        .toList());
    }

    @Test
    void eachOperationTakesTheParametersThatAreDescribedAndNoOthers() {
        for (Operation operation : AuthorizationTable.operations()) {
            assertThat(operation.parameters())
                    .as("parameters of " + operation)
                    .containsExactlyInAnyOrderElementsOf(members.queryParameters(
                            operation.template(), operation.method().toLowerCase(Locale.ROOT)));
        }
    }

    @Test
    void aMemberThatIsNotDescribedIsFound() {
        assertThat(members.missing(
                        "/api/v1/monitoring/nodes",
                        "get",
                        200,
                        TestServer.json("{\"nodes\":[{\"address\":\"a\",\"mood\":1}],\"homeless\":[]}")))
                .containsExactly(".nodes[].mood");
    }

    private void holds(Operation operation, ContractExamples.Example example) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = send(operation, example, issuer.token("operator"));
        String body = body(response);

        assertThat(response.statusCode()).as(body).isEqualTo(example.status());
        if (example.status() < 400) {
            assertThat(errors(document.validateRequest(request(operation, example))))
                    .isEmpty();
        }
        assertThat(errors(answer(operation, example, response, body))).isEmpty();
        if (type(response).equals("application/json")) {
            String method = operation.method().toLowerCase(Locale.ROOT);
            assertThat(members.missing(operation.template(), method, response.statusCode(), TestServer.json(body)))
                    .as("members that openapi.yaml does not describe")
                    .isEmpty();
        }
    }

    private void refusalsHold(Operation operation) throws IOException, InterruptedException {
        if (operation.role() == null) {
            return;
        }
        ContractExamples.Example example =
                ContractExamples.of(operation.toString()).get(0);
        HttpResponse<InputStream> nobody = send(operation, example, "");
        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(errors(answer(operation, example, nobody, body(nobody)))).isEmpty();

        HttpResponse<InputStream> noRole = send(operation, example, issuer.token());
        assertThat(noRole.statusCode()).isEqualTo(403);
        assertThat(errors(answer(operation, example, noRole, body(noRole)))).isEmpty();
        assertThat(operation.role()).isIn((Object[]) Role.values());
    }

    private HttpResponse<InputStream> send(Operation operation, ContractExamples.Example example, String token)
            throws IOException, InterruptedException {
        cases++;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri("") + example.path()))
                .method(
                        operation.method(),
                        example.body().isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(example.body()));
        example.headers().forEach(request::header);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.send(request.build(), BodyHandlers.ofInputStream());
    }

    /** All of it; of an event stream only how it begins. */
    private static String body(HttpResponse<InputStream> response) throws IOException {
        boolean endless = type(response).startsWith("text/event-stream");
        try (InputStream in = response.body()) {
            return new String(endless ? in.readNBytes(6) : in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private SimpleRequest request(Operation operation, ContractExamples.Example example) {
        URI address = URI.create(example.path());
        var request = new SimpleRequest.Builder(operation.method(), address.getPath())
                .withHeader("Authorization", "Bearer token");
        example.headers().forEach(request::withHeader);
        if (address.getQuery() != null) {
            for (String parameter : address.getQuery().split("&", -1)) {
                String[] parts = parameter.split("=", 2);
                request.withQueryParam(parts[0], parts[1]);
            }
        }
        return example.body().isEmpty()
                ? request.build()
                : request.withBody(example.body()).build();
    }

    private ValidationReport answer(
            Operation operation, ContractExamples.Example example, HttpResponse<InputStream> response, String body) {
        var answer = new SimpleResponse.Builder(response.statusCode());
        if (!body.isEmpty()) {
            answer.withContentType(type(response)).withBody(body);
        }
        return document.validateResponse(
                URI.create(example.path()).getPath(), Request.Method.valueOf(operation.method()), answer.build());
    }

    private static String type(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElse("");
    }

    private static List<ValidationReport.Message> errors(ValidationReport report) {
        return report.getMessages().stream()
                .filter(message -> message.getLevel() == ValidationReport.Level.ERROR)
                .toList();
    }
}
