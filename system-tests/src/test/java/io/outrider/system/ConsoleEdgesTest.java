package io.outrider.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.outrider.system.ConsoleOperator.PATIENCE_MS;
import static io.outrider.system.ConsoleOperator.PATIENTLY;
import static io.outrider.system.ConsoleOperator.patientText;
import static io.outrider.system.ConsoleOperator.patientlyContaining;
import static io.outrider.system.ConsoleOperator.patientlyHidden;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The console where it is easily forgotten: with nothing to show, names of any kind, no mouse, no line, and a server that fails. One
 * {@code outrider local} without traffic of its own, which the first test sees empty.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleEdgesTest {

    private static final List<String> ODD = List.of(
            "<img src=x onerror=alert(1)>",
            "حساب-٤٧ متجر الكتب",
            "x".repeat(200),
            "a/b?c#d%20\"'",
            "\u202Eevil\u202C 👩‍💻é");
    private static final List<String> HOLDERS =
            IntStream.range(0, 56).mapToObj(i -> "holder-" + i).toList();
    private static final List<String> LATER =
            IntStream.range(0, 5).mapToObj(i -> "later-" + i).toList();

    /** What each view says where there is nothing. */
    private static final Map<String, List<String>> EMPTY = Map.of(
            "live", List.of("No alerts yet"),
            "alerts", List.of("No alerts"),
            "alerts?merchant=nobody", List.of("No alert like that"),
            "review", List.of("Nothing to review"),
            "accounts", List.of("No accounts yet"),
            "accounts/nobody", List.of("Nothing is known of nobody"),
            "explore", List.of("No accounts yet"),
            "models", List.of("Nothing is tried beside it", "No run yet"),
            "monitoring", List.of("No alert has a verdict", "Nothing counted yet", "No dataset yet"),
            "try", List.of("Many at once"));

    /** The question to the API without which a view has nothing to show. */
    private static final Map<String, String> ASKS = Map.of(
            "live", "alerts?*",
            "alert", "alerts/*",
            "alerts", "alerts?*",
            "review", "review?*",
            "accounts", "accounts?*",
            "account", "accounts/*",
            "explore", "monitoring/population",
            "models", "models",
            "monitoring", "monitoring/quality",
            "try", "score");

    private LocalOutrider outrider;
    private OddTraffic traffic;
    private ConsoleBrowser browser;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        outrider = new LocalOutrider(folder.resolve("data"), "--no-simulator")
                .with(Map.of("OUTRIDER_SUPERVISOR_ETL_CRON", "0 0 1 1 *", "OUTRIDER_ROLLOUT_DRIFT_INTERVAL", "2s"))
                .start();
        traffic = new OddTraffic(outrider);
        browser = new ConsoleBrowser(outrider.uri("/"));
    }

    @AfterAll
    void stop() {
        browser.close();
        outrider.close();
    }

    @Test
    @Order(1)
    void aSystemWithoutAnyEventSaysWhatWillBeThere() {
        for (Map.Entry<String, List<String>> view : EMPTY.entrySet()) {
            try (Page page = browser.open(view.getKey())) {
                for (String says : view.getValue()) {
                    assertThat(page.getByText(says).first()).isVisible(PATIENTLY);
                }
                assertThat(page.locator(".skeleton"))
                        .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(PATIENCE_MS));
                assertThat(page.locator(".notice")).hasCount(0);
                look(page, "empty-" + view.getKey().replaceAll("\\W+", "-"));
            }
        }
        // An account that nobody knows is told so by the server, and by the browser in its own words.
        Assertions.assertThat(browser.complaints()).allMatch(complaint -> complaint.contains("accounts/nobody"));
    }

    @Test
    @Order(2)
    void namesOfAnyKindStandInEveryRowAsTheyAre() throws Exception {
        traffic.history(Stream.of(HOLDERS, LATER, ODD).flatMap(List::stream).toList());
        traffic.spend(HOLDERS);
        traffic.spend(ODD);
        traffic.awaitAlerts(HOLDERS);
        traffic.awaitAlerts(ODD);
        try (Page page = browser.open("live", 390, "")) {
            page.onDialog(dialog -> {
                throw new AssertionError("a name was run: " + dialog.message());
            });
            for (String view : List.of("live", "alerts", "review", "accounts", "explore")) {
                page.navigate(outrider.uri("/") + "#/" + view);
                assertThat(page.locator("a.row, .list td").first()).isVisible(PATIENTLY);
                assertThat(page.locator(".skeleton"))
                        .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(PATIENCE_MS));
                look(page, "odd-" + view);
            }
            for (String name : ODD) {
                page.navigate(outrider.uri("/") + "#/alerts/" + ConsoleView.encoded(traffic.alert(name)));
                Locator whose = page.locator(".panel .whose");
                assertThat(whose.locator("bdi").first()).hasText(shortened(name, 24), patientText());
                assertThat(whose.locator("bdi[title]").first()).hasAttribute("title", name);
                assertThat(page.locator(".panel .card canvas")).isVisible(PATIENTLY);
                look(page, "odd-alert-" + ODD.indexOf(name));
                page.navigate(outrider.uri("/") + "#/accounts/" + ConsoleView.encoded(name));
                assertThat(page.locator("h1 .copy")).hasText(name, patientText());
                look(page, "odd-account-" + ODD.indexOf(name));
            }
        }
    }

    @Test
    @Order(3)
    void devicesOfAllTrafficStandBesideThoseOfFlaggedTransactions() throws Exception {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> outrider.get("/api/v1/monitoring/drift")
                                .at("/fields/device/values/phone")
                                .asLong()
                        > 0);
        try (Page page = browser.open("explore")) {
            Locator devices = ConsoleOperator.block(page, "Devices, most flagged first");
            Locator phone = devices.locator("tbody tr").first();
            assertThat(phone.locator("td").first()).hasText("phone", patientText());
            assertThat(phone.locator("td").nth(1)).hasText(Integer.toString(HOLDERS.size()));
            assertThat(phone.locator("td").nth(3)).hasText(Pattern.compile("^[1-9]\\d\\.\\d %$"));
        }
    }

    @Test
    @Order(4)
    void spendingIsToldByHourAndByDayAsFarAsTheStateKnows() {
        try (Page page = browser.open("accounts/holder-3")) {
            assertThat(page.locator(".card canvas").first()).isVisible(PATIENTLY);
            page.keyboard().press("d");
            Locator hours = card(page, "Spending by hour").locator("tbody tr");
            assertThat(hours).hasCount(2);
            assertThat(hours.first().locator("td:nth-child(n+2)")).hasText(new String[] {"1", "1", "21.00"});
            assertThat(hours.last().locator("td:nth-child(n+2)")).hasText(new String[] {"1", "1", "4,003.00"});
            Locator days = card(page, "Spending by day").locator("tbody tr");
            assertThat(days.last().locator("td:nth-child(n+2)")).hasText(new String[] {"1", "1", "4,003.00"});
            assertThat(days.nth(days.count() - 2).locator("td:nth-child(n+2)"))
                    .hasText(new String[] {"1", "1", "21.00"});
            // Beyond the week it is two days together.
            assertThat(days.first().locator("td").nth(1)).hasText("2");
            Assertions.assertThat(days.locator("td:nth-child(3)").allTextContents().stream()
                            .mapToInt(Integer::parseInt)
                            .sum())
                    .isEqualTo(13);
            page.keyboard().press("d");
        }
    }

    @Test
    @Order(5)
    void aViewThatIsRefusedOrFailsSaysWhyAndIsThereOnceItIsAnswered() throws Exception {
        JsonNode alert = outrider.get("/api/v1/alerts?limit=1").get("items").get(0);
        for (ConsoleView view : ConsoleView.all(alert)) {
            String asks = ASKS.get(view.name());
            if (asks != null) {
                fails(view, asks, 500, "A disk is full.");
            }
            // A refusal differs only in that it is not asked for again by itself.
            if (asks != null && List.of("alert", "accounts", "explore").contains(view.name())) {
                fails(view, asks, 403, "Reading this is not for you.");
            }
        }
        Assertions.assertThat(browser.complaints())
                .allMatch(complaint -> complaint.contains("Failed to load resource"));
    }

    @Test
    @Order(5)
    void aBacktestIsNotAskedForWhileTheModelsCannotBeRead() {
        try (Page page = browser.open("")) {
            page.route("**/api/v1/models", route -> route.fulfill(new Route.FulfillOptions().setStatus(500)));
            page.navigate(outrider.uri("/") + "#/models");
            page.reload();
            Locator model = page.getByLabel("Model to backtest", new Page.GetByLabelOptions().setExact(true));
            Locator start = ConsoleOperator.button(page, "Start Backtest");
            assertThat(model).hasText("the models cannot be read", patientText());
            assertThat(model).isDisabled();
            assertThat(start).isDisabled();
            page.unroute("**/api/v1/models");
            assertThat(model).isEnabled(new LocatorAssertions.IsEnabledOptions().setTimeout(PATIENCE_MS));
            assertThat(model.locator("option").first()).hasText(Pattern.compile("^\\d{8}-"));
            assertThat(start).isEnabled();
        }
    }

    private void fails(ConsoleView view, String asks, int status, String why) {
        try (Page page = browser.open("")) {
            String pattern = "**/api/v1/" + asks;
            String problem = "{\"status\": %d, \"title\": \"It failed.\", \"detail\": \"%s\"}".formatted(status, why);
            page.route(
                    pattern,
                    route -> route.fulfill(new Route.FulfillOptions()
                            .setStatus(status)
                            .setContentType("application/problem+json")
                            .setBody(problem)));
            page.navigate(outrider.uri("/") + "#/" + view.address());
            page.reload();
            Locator notice = page.locator(".notice").first();
            assertThat(notice).containsText("It failed. " + why, patientlyContaining());
            look(page, "failed-" + view.name());
            page.unroute(pattern);
            // A form is never asked again by itself.
            Locator again = page.locator(".failed button, form .primary").first();
            if ((status == 403 || view.name().equals("try")) && again.isVisible()) {
                again.click();
            }
            assertThat(page.locator(view.shows()).first()).isVisible(PATIENTLY);
            assertThat(notice).isHidden(patientlyHidden());
        }
    }

    @Test
    @Order(6)
    void anAnswerThatDoesNotComeIsGivenUpAndAskedForAgain() {
        for (String view : List.of("explore", "accounts")) {
            try (Page page = browser.open("")) {
                page.clock().install();
                String pattern = "**/api/v1/" + ASKS.get(view);
                page.route(pattern, route -> {});
                page.navigate(outrider.uri("/") + "#/" + view);
                page.reload();
                assertThat(page.locator("main .skeleton").first()).isVisible(PATIENTLY);
                page.clock().fastForward(20_000);
                assertThat(page.locator(".notice")).containsText("No answer from the server", patientlyContaining());
                page.unroute(pattern);
                page.clock().fastForward(5_000);
                assertThat(page.locator(".card canvas, tbody tr").first()).isVisible(PATIENTLY);
                assertThat(page.locator(".notice")).hasCount(0);
            }
        }
    }

    @Test
    @Order(7)
    void exploreTellsThatTheNewestAlertsCannotBeReadAndAsksAgain() {
        try (Page page = browser.open("")) {
            Predicate<String> newest = url -> url.endsWith("/api/v1/alerts?limit=200");
            page.route(newest, route -> route.fulfill(new Route.FulfillOptions().setStatus(503)));
            page.navigate(outrider.uri("/") + "#/explore");
            page.reload();
            assertThat(page.locator(".notice")).containsText("Service Unavailable", patientlyContaining());
            page.unroute(newest);
            assertThat(ConsoleOperator.block(page, "Devices, familiar or not")).isVisible(PATIENTLY);
        }
    }

    @Test
    @Order(7)
    void theHeaderTellsThatANodeWarnsThoughItIsReady() {
        try (Page page = browser.open("live")) {
            assertThat(page.locator("#health")).hasText("Ready", patientText());
            page.route("**/api/v1/monitoring/live", route -> {
                APIResponse live = route.fetch();
                route.fulfill(new Route.FulfillOptions()
                        .setResponse(live)
                        .setBody(live.text().replace("\"warnings\":[]", "\"warnings\":[\"no such model\"]")));
            });
            assertThat(page.locator("#health")).hasText("Ready, 1 warning", patientText());
            assertThat(page.locator("#health")).hasAttribute("title", "no such model");
            page.unroute("**/api/v1/monitoring/live");
            assertThat(page.locator("#health")).hasText("Ready", patientText());
        }
    }

    @Test
    @Order(8)
    void aNameReadsFromRightToLeftWithoutTurningItsRowAround() {
        try (Page page = browser.open("accounts", 1280, "")) {
            Locator name = page.locator("td bdi", new Page.LocatorOptions().setHasText("حساب"));
            assertThat(name).isVisible(PATIENTLY);
            assertThat(name).hasCSS("direction", "rtl");
            assertThat(page.locator("tr", new Page.LocatorOptions().setHas(name)))
                    .hasCSS("direction", "ltr");
        }
    }

    @Test
    @Order(9)
    void alertsThatWereMissedWithoutALineAreThereOnceItIsBack() throws Exception {
        try (Page page = browser.open("live")) {
            assertThat(page.locator("ol.alerts a.row").first()).isVisible(PATIENTLY);
            page.context().setOffline(true);
            assertThat(page.locator("#stream")).containsText("Alerts paused since");
            traffic.spend(LATER);
            traffic.awaitAlerts(LATER);
            // No stream to take up, and pages of two: what was missed is more than one of them.
            AtomicBoolean refused = new AtomicBoolean();
            page.route("**/api/v1/alerts/stream", route -> {
                if (refused.getAndSet(true)) {
                    route.resume();
                } else {
                    route.fulfill(new Route.FulfillOptions().setStatus(503));
                }
            });
            page.route(
                    "**/api/v1/alerts?limit=100*",
                    route -> route.resume(new Route.ResumeOptions()
                            .setUrl(route.request().url().replace("limit=100", "limit=2"))));
            for (String account : LATER) {
                assertThat(row(page, account)).hasCount(0);
            }
            page.context().setOffline(false);
            for (String account : LATER) {
                assertThat(row(page, account)).isVisible(PATIENTLY);
            }
            assertThat(page.locator("#stream")).isEmpty();
            Assertions.assertThat(refused).isTrue();
        }
    }

    @Test
    @Order(10)
    void fiftyAlertsAreReviewedWithoutAMouse() {
        List<String> verdicts = List.of("y", "n", "u");
        try (Page page = browser.open("review")) {
            Locator selected = page.locator("li:has(a[aria-current])");
            assertThat(selected).isVisible(PATIENTLY);
            assertThat(fact(page, "To review")).hasText("50");
            assertThat(selected.locator(".sum b")).hasText(Pattern.compile("^4,0\\d\\d\\.00\\sCHF$"));
            page.keyboard().press("Enter");
            assertThat(page.locator(".panel h1")).hasText(Pattern.compile("^4,0\\d\\d\\.00\\sCHF against a usual "));
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 50; i++) {
                String id = selected.getAttribute("data-id");
                seen.add(id);
                assertThat(page.locator(".panel .verdicts")).isVisible(PATIENTLY);
                page.waitForCondition(() -> page.url().endsWith(ConsoleView.encoded(id)));
                page.keyboard().press(verdicts.get(i % 3));
                assertThat(fact(page, "Done")).hasText(Integer.toString(i + 1));
            }
            Assertions.assertThat(seen).hasSize(50);
            assertThat(fact(page, "To review")).hasText("0");
            look(page, "review-done");
            // Whoever leaves the page sends what waits to be taken back.
            page.navigate("about:blank");
            awaitLabels();
        }
    }

    private void awaitLabels() {
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            Assertions.assertThat(traffic.labelled("fraud")).isEqualTo(17);
            Assertions.assertThat(traffic.labelled("genuine")).isEqualTo(17);
        });
    }

    @Test
    @Order(11)
    void keysFindHelpAndDarken() throws Exception {
        JsonNode alert = outrider.get("/api/v1/alerts?limit=1").get("items").get(0);
        try (Page page = browser.open("models")) {
            Locator search = page.locator(".search input");
            page.keyboard().press("/");
            assertThat(search).isFocused();
            assertThat(search).hasValue("");
            page.keyboard().type(alert.get("id").asText());
            page.keyboard().press("Enter");
            assertThat(page.locator(".panel .story")).not().isEmpty();
            page.keyboard().press("/");
            page.keyboard().type("holder-7");
            page.keyboard().press("Enter");
            assertThat(page.locator("h1 .copy")).hasText("holder-7", patientText());
            assertThat(search).not().isFocused();

            page.navigate(outrider.uri("/") + "#/explore");
            page.reload();
            page.keyboard().press("Tab");
            assertThat(page.locator(".skip")).isFocused();
            page.keyboard().press("Enter");
            assertThat(page.locator("main")).isFocused();
            assertThat(page.locator("main h1")).hasText("Explore");
            page.goBack();

            Locator keys = page.locator("#keys");
            page.keyboard().press("?");
            assertThat(keys).isVisible();
            assertThat(keys).containsText("score the receipt again");
            look(page, "keys");
            page.keyboard().press("Escape");
            assertThat(keys).isHidden();
            assertThat(page.locator("h1 .copy")).hasText("holder-7");

            Locator ground = page.locator("html");
            String light = (String) ground.evaluate("html => getComputedStyle(html).backgroundColor");
            page.keyboard().press("t");
            assertThat(ground).not().hasCSS("background-color", light);
            page.reload();
            assertThat(ground).not().hasCSS("background-color", light);
            page.keyboard().press("t");
            assertThat(ground).hasCSS("background-color", light);
        }
    }

    @Test
    @Order(12)
    void aModelThatCaughtNothingHasAllItsAlertsCountedAsFalse() throws Exception {
        assertConfusion(1_000, 0.02, "0 caught", "20 false alarms", "50 missed", "930 let pass");
        assertConfusion(2_000, 0.02, "0 caught", "– false alarms", "50 missed", "– let pass");
        assertConfusion(2_000, 0, "0 caught", "0 false alarms", "50 missed", "950 let pass");
    }

    /** Of 50 frauds among 1,000 labelled rows, none of them caught. */
    private void assertConfusion(int rows, double alertRate, String... cells) throws Exception {
        ObjectNode models = outrider.get("/api/v1/models").deepCopy();
        for (JsonNode model : models.get("items")) {
            ((ObjectNode) model.get("metrics"))
                    .put("precision_at_threshold", 0)
                    .put("recall_at_threshold", 0)
                    .put("test_labelled", 1_000)
                    .put("test_frauds", 50)
                    .put("test_rows", rows)
                    .put("alert_rate", alertRate);
        }
        try (Page page = browser.open("")) {
            page.route(
                    "**/api/v1/models",
                    route -> route.fulfill(new Route.FulfillOptions()
                            .setContentType("application/json")
                            .setBody(models.toString())));
            page.navigate(outrider.uri("/") + "#/models");
            Locator confusion = page.locator(".confusion").first();
            assertThat(confusion).isVisible(PATIENTLY);
            for (String cell : cells) {
                assertThat(confusion).containsText(cell);
            }
        }
    }

    private Locator row(Page page, String account) {
        return page.locator("ol.alerts li[data-id='" + traffic.alert(account) + "']");
    }

    private static Locator card(Page page, String title) {
        return page.locator(".card", new Page.LocatorOptions().setHasText(title));
    }

    private static Locator fact(Page page, String term) {
        return page.locator(".facts div", new Page.LocatorOptions().setHasText(term))
                .locator("dd");
    }

    /** As the console writes a long name. */
    private static String shortened(String name, int most) {
        int[] points = name.codePoints().toArray();
        int half = (most - 1) / 2;
        return points.length <= most
                ? name
                : new String(points, 0, half) + "…" + new String(points, points.length - half, half);
    }

    /** In a narrow light window and a wide dark one; each must hold all that is in it, and nobody be kept out. */
    private static void look(Page page, String name) {
        int width = page.viewportSize().width;
        look(page, name, 390, ColorScheme.LIGHT);
        look(page, name, 1280, ColorScheme.DARK);
        ConsoleBrowser.become(page, width, ColorScheme.LIGHT);
        assertThat(page.locator("main img")).hasCount(0);
    }

    private static void look(Page page, String name, int width, ColorScheme scheme) {
        ConsoleBrowser.become(page, width, scheme);
        ConsoleBrowser.screenshot(page, name, width, scheme);
        Assertions.assertThat(ConsoleBrowser.tooWide(page))
                .as("what does not fit into %s at %s px", name, width)
                .isEmpty();
        Assertions.assertThat(ConsoleBrowser.barriers(page))
                .as("%s, %s px, %s", name, width, scheme)
                .isEmpty();
    }
}
