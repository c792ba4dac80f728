package io.outrider.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AuthorizationTableTest {

    private static final Pattern LINE = Pattern.compile("(?m)^(?:  (/\\S*):|    (get|put|post|delete|patch):)\\s*$");

    @Test
    void everyDocumentedOperationIsListedAndEveryListedOneIsDocumented() {
        Set<String> listed = AuthorizationTable.operations().stream()
                .map(Operation::toString)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> documented = documented();

        assertThat(documented)
                .as("operations of openapi.yaml that AuthorizationTable does not list")
                .isSubsetOf(listed);
        assertThat(listed)
                .as("operations of AuthorizationTable that openapi.yaml does not describe")
                .isSubsetOf(documented);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/alerts/stream, GET /api/v1/alerts/stream",
        "GET, /api/v1/alerts/g1-3-14, GET /api/v1/alerts/{id}",
        "GET, /console/app.js, GET /console/{file}",
        "GET, /, GET /",
    })
    void aPathIsFoundByTheTemplateThatSaysMost(String method, String path, String expected) {
        assertThat(AuthorizationTable.find(method, path.split("/", -1)).map(Operation::toString))
                .contains(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, /api/v1/alerts",
        "GET, /api/v1/alerts/",
        "GET, /api/v1//alerts",
        "GET, //api/v1/alerts",
        "GET, /api/v1/alerts/a/b",
        "GET, /API/v1/alerts",
        "get, /api/v1/alerts",
        "GET, /console/a/b",
        "GET, ''",
    })
    void whatIsNotListedIsNotFound(String method, String path) {
        assertThat(AuthorizationTable.find(method, path.split("/", -1))).isEmpty();
    }

    @Test
    void onlyWhatHoldsNoDataIsOpenToAnybody() {
        List<String> open = AuthorizationTable.operations().stream()
                .filter(operation -> operation.role() == null)
                .map(Operation::toString)
                .toList();

        assertThat(open).containsExactlyInAnyOrder("GET /health/live", "GET /openapi.yaml");
    }

    private static Set<String> documented() {
        Set<String> operations = new TreeSet<>();
        Matcher line = LINE.matcher(document());
        String path = "";
        while (line.find()) {
            if (line.group(1) != null) {
                path = line.group(1);
            } else {
                operations.add(line.group(2).toUpperCase(Locale.ROOT) + " " + path);
            }
        }
        assertThat(operations).hasSizeGreaterThan(10);
        return operations;
    }

    private static String document() {
        try (InputStream in = AuthorizationTableTest.class.getResourceAsStream("/openapi.yaml")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
