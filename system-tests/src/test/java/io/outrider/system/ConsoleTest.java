package io.outrider.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The console in a real browser, as a person uses it, on one {@code outrider local}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleTest {

    private static final LocatorAssertions.IsVisibleOptions PATIENTLY =
            new LocatorAssertions.IsVisibleOptions().setTimeout(90_000);
    private static final String JSON = "application/json";

    private LocalOutrider outrider;
    private ConsoleBrowser browser;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        outrider = new LocalOutrider(folder.resolve("data"), "--rate", "200").start();
        browser = new ConsoleBrowser(outrider.uri("/"));
    }

    @AfterAll
    void stop() {
        browser.close();
        outrider.close();
    }

    @Test
    void anAlertArrivesAndExplainsItself() {
        try (Page page = browser.open("live")) {
            Locator arrived = page.locator("ol.alerts a.row.new").first();
            assertThat(arrived).isVisible(PATIENTLY);
            arrived.click();
            Locator panel = alertPanel(page);
            assertThat(panel.locator(".story")).not().isEmpty();
            assertThat(panel.getByText("This account lately")).isVisible();
            assertThat(panel.locator(".card canvas")).isVisible();
            assertThat(panel.locator(".bars .words").first()).hasText("Expected score");
            assertThat(panel.getByText("What would have been normal")).isVisible();
            assertThat(panel.locator(".bars .words").last()).hasText("Threshold");

            panel.locator("a[href^='#/accounts/']").first().click();
            assertThat(page.getByText("Rolling windows")).isVisible();
            assertThat(page.getByText("Spending, last 30 days")).isVisible();
            page.goBack();
            assertThat(panel).isVisible();
            page.keyboard().press("Escape");
            assertThat(panel).isHidden();
        }
    }

    @Test
    void threeAlertsAreUnderstoodAndLabelledInUnderTenKeyPresses() {
        try (Page page = browser.open("live")) {
            List<Integer> answers = new CopyOnWriteArrayList<>();
            page.onResponse(response -> {
                if (isLabel(response)) {
                    answers.add(response.status());
                }
            });
            assertThat(page.locator("ol.alerts a.row").first()).isVisible(PATIENTLY);
            List<String> seen = new ArrayList<>();
            int presses = press(page, "3");
            assertThat(page.locator("a.row[aria-current]")).isVisible(PATIENTLY);
            presses += press(page, "Enter");
            for (String verdict : List.of("y", "n", "y")) {
                Locator panel = alertPanel(page);
                assertThat(panel.locator(".story")).not().isEmpty();
                String url = page.url();
                seen.add(url);
                presses += press(page, verdict);
                page.waitForURL(now -> !now.equals(url));
            }
            Assertions.assertThat(presses).isLessThan(10);
            Assertions.assertThat(seen).doesNotHaveDuplicates();
            assertThat(page.locator("li.said")).hasCount(3);
            page.waitForCondition(() -> answers.size() == 3);
            Assertions.assertThat(answers).containsOnly(202);
        }
    }

    @Test
    void aVerdictIsTakenBackBeforeItIsSent() {
        try (Page page = browser.open("alerts?label=unlabelled")) {
            assertThat(page.locator("ol.alerts a.row").first()).isVisible(PATIENTLY);
            List<Response> labels = new CopyOnWriteArrayList<>();
            page.onResponse(response -> {
                if (isLabel(response)) {
                    labels.add(response);
                }
            });
            press(page, "j");
            String alert = page.locator("ol.alerts li:has(a[aria-current])").getAttribute("data-id");
            Locator said = page.locator("li.said[data-id='" + alert + "']");
            press(page, "y");
            assertThat(said).hasCount(1);
            press(page, "z");
            assertThat(said).hasCount(0);
            // Longer than a verdict waits; only then does silence mean anything.
            page.waitForTimeout(6_000);
            Assertions.assertThat(labels).isEmpty();
        }
    }

    @Test
    void namesShowAsTheyAreWhateverIsInThem() throws Exception {
        List<String> names = List.of("<img src=x onerror=alert(1)>", "حساب-٤٧", "x".repeat(200), "a/b?c#d%20");
        try (Page page = browser.open("live")) {
            page.onDialog(dialog -> {
                throw new AssertionError("a name was run: " + dialog.message());
            });
            for (String name : names) {
                String body = "{\"transaction_id\":\"odd-%d\",\"user_id\":\"%s\",\"amount\":12.5,\"timestamp\":\"%s\"}"
                        .formatted(names.indexOf(name), name, newest());
                Assertions.assertThat(outrider.post("/api/v1/transactions", JSON, body)
                                .statusCode())
                        .isEqualTo(202);
                page.navigate(outrider.uri("/") + "#/accounts/"
                        + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"));
                page.reload();
                Locator title = page.locator("h1 .copy");
                retrying(page, title);
                assertThat(title).hasText(name);
                Assertions.assertThat(overflow(page)).isLessThanOrEqualTo(0);
            }
        }
    }

    @Test
    void distributionsAreThereAsChartsAndAsTables() {
        try (Page page = browser.open("explore")) {
            assertThat(page.locator(".card canvas")).hasCount(3);
            press(page, "d");
            assertThat(page.locator(".charttable tbody tr").first()).isVisible();
            assertThat(page.locator(".card canvas").first()).isHidden();
            press(page, "d");
            assertThat(page.locator(".card canvas").first()).isVisible();
        }
    }

    @Test
    void aChartOfWhatGoesOnIsScaledToItAndNotToACatchUpBefore() {
        String scales = """
                import('/console/charts.js').then(({ calm }) => [
                  calm([[900, 900, ...Array(12).fill(10)]]),
                  calm([Array(12).fill(10), [40, ...Array(11).fill(null)]]),
                  calm([[70, ...Array(12).fill(0)]]),
                ])""";
        try (Page page = browser.open("live")) {
            Assertions.assertThat(page.evaluate(scales))
                    .as("five times what goes on now, all of a small rise, and all where nothing goes on")
                    .isEqualTo(List.of(50, 40, 70));
        }
    }

    @Test
    void newAlertsWaitWhileTheKeyboardIsOnTheList() {
        try (Page page = browser.open("live")) {
            Locator first = page.locator("ol.alerts li").first();
            assertThat(first).isVisible(PATIENTLY);
            press(page, "j");
            assertThat(page.locator(".pill")).isVisible(PATIENTLY);
            String selected = page.locator("ol.alerts li:has(a[aria-current])").getAttribute("data-id");
            assertThat(first).hasAttribute("data-id", selected);
            press(page, "k");
            assertThat(first).not().hasAttribute("data-id", selected);
            assertThat(page.locator("ol.alerts li[data-id='" + selected + "']")).isVisible();
        }
    }

    @Test
    void aTableThatIsDrawnAgainKeepsItsFocusAndItsSidewaysScroll() {
        try (Page page = browser.open("monitoring", 320, "")) {
            Locator table = page.locator(".tablewrap", new Page.LocatorOptions().setHasText("Records waiting"));
            assertThat(table).isVisible(PATIENTLY);
            table.evaluate("table => { table.focus(); table.scrollLeft = 30; table.dataset.before = true; }");
            assertThat(page.locator(".tablewrap[data-before]"))
                    .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(90_000));
            assertThat(table).isFocused();
            Assertions.assertThat(((Number) table.evaluate("table => table.scrollLeft")).intValue())
                    .isEqualTo(30);
        }
    }

    @Test
    void itSaysSoWhileTheServerIsAwayAndComesBack() {
        try (Page page = browser.open("live")) {
            Locator health = page.locator("#health");
            assertThat(health).hasText("Ready");
            page.context().setOffline(true);
            assertThat(health).hasText(Pattern.compile("No contact since"));
            assertThat(page.locator("ol.alerts a.row").first()).isVisible(PATIENTLY);
            page.context().setOffline(false);
            assertThat(health).hasText("Ready");
        }
    }

    @Test
    void everyViewReadsInBothThemesAndWidthsWithoutBarriers() throws Exception {
        try (Page page = browser.open("live")) {
            assertThat(page.locator("ol.alerts a.row").first()).isVisible(PATIENTLY);
        }
        JsonNode alert = outrider.get("/api/v1/alerts?limit=1").get("items").get(0);
        outrider.runToItsEnd("etl", "{}");
        String model = outrider.get("/api/v1/models")
                .get("items")
                .get(0)
                .get("version")
                .asText();
        outrider.runToItsEnd("backtest", "{\"model\":\"" + model + "\"}");
        browser.complaints().clear();
        for (ConsoleView view : ConsoleView.all(alert)) {
            try (Page page = browser.open(view.address())) {
                assertThat(page.locator(view.shows()).first()).isVisible(PATIENTLY);
                assertThat(page.locator(".skeleton"))
                        .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(60_000));
                for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                    for (int width : new int[] {390, 1280}) {
                        ConsoleBrowser.become(page, width, scheme);
                        ConsoleBrowser.screenshot(page, view.name(), width, scheme);
                        Assertions.assertThat(overflow(page))
                                .as("%s at %s px is not wider than the window", view.name(), width)
                                .isLessThanOrEqualTo(0);
                        // Barriers are of a width or of a theme: each of both once.
                        boolean narrow = width == 390;
                        if (narrow == (scheme == ColorScheme.LIGHT)) {
                            Assertions.assertThat(ConsoleBrowser.barriers(page))
                                    .as("%s, %s px, %s", view.name(), width, scheme)
                                    .isEmpty();
                        }
                    }
                }
            }
        }
        Assertions.assertThat(browser.complaints()).isEmpty();
    }

    private static Locator alertPanel(Page page) {
        return page.getByRole(AriaRole.COMPLEMENTARY, new Page.GetByRoleOptions().setName("Alert"));
    }

    private static boolean isLabel(Response response) {
        return response.url().endsWith("/label");
    }

    private static int press(Page page, String key) {
        page.keyboard().press(key);
        return 1;
    }

    private static int overflow(Page page) {
        return ((Number) page.evaluate("document.documentElement.scrollWidth - window.innerWidth")).intValue();
    }

    /** An account is known a moment after its transaction was taken. */
    private static void retrying(Page page, Locator wanted) {
        page.waitForCondition(() -> {
            if (wanted.count() > 0) {
                return true;
            }
            if (page.locator(".empty").count() > 0) {
                page.reload();
            }
            return false;
        });
    }

    private static String newest() {
        return Instant.now().minusSeconds(60).toString();
    }
}
