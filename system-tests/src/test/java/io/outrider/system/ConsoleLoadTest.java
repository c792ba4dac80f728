package io.outrider.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** How quick the console is and stays, in a real browser on one {@code outrider local}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleLoadTest {

    private static final LocatorAssertions.IsVisibleOptions PATIENTLY =
            new LocatorAssertions.IsVisibleOptions().setTimeout(90_000);

    /** What is seen within it counts as at once, and above it not even as good. */
    private static final double FIRST_VIEW_MS = 1_000;

    private static final int ROUNDS = 8;
    private static final int ALERTS_A_ROUND = 17;
    private static final String ODD = "<img src=x onerror=alert(1)>";

    /** From the page's first moment on: when its first alert stood there. */
    private static final String WATCH = """
            window.watched = {};
            new MutationObserver(() => {
              if (!watched.first && document.querySelector('ol.alerts a.row')) watched.first = performance.now();
            }).observe(document, { childList: true, subtree: true });
            """;

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
    void theFirstViewIsThereWithinASecond() {
        try (Page page = browser.open("live")) {
            assertThat(page.locator("ol.alerts a.row").first()).isVisible(PATIENTLY);
            page.addInitScript(WATCH);
            // The best of some: what else the machine does now and then is not the page's doing.
            double best = Double.MAX_VALUE;
            for (int load = 0; load < 6 && best >= FIRST_VIEW_MS; load++) {
                page.reload();
                assertThat(page.locator("ol.alerts a.row").first()).isVisible(PATIENTLY);
                best = Math.min(best, number(page, "watched.first"));
            }
            Assertions.assertThat(best)
                    .as("milliseconds from the address to the first alert")
                    .isLessThan(FIRST_VIEW_MS);
        }
    }

    @Test
    void aThousandAlertsAMinuteLeaveTheConsoleQuickAndWhateverIsInThemIsText() throws Exception {
        try (Page page = browser.open("live")) {
            page.onDialog(dialog -> {
                throw new AssertionError("a name was run: " + dialog.message());
            });
            assertThat(page.locator("ol.alerts a.row").first()).isVisible(PATIENTLY);
            List<JsonNode> accounts = outrider.accounts();
            long before = alerts();
            for (int second = 0; second < ROUNDS; second++) {
                post(page, accounts, second * ALERTS_A_ROUND);
                double slowest = number(page, """
                        (() => { let slowest = 0;
                          for (let i = 0; i < 5; i++) {
                            const start = performance.now();
                            document.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }));
                            document.body.offsetHeight;
                            slowest = Math.max(slowest, performance.now() - start);
                          }
                          return slowest; })()""");
                Assertions.assertThat(slowest)
                        .as("milliseconds from key to layout")
                        .isLessThan(100);
                page.waitForTimeout(1_000);
            }
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> Assertions.assertThat(alerts() - before)
                            .as("alerts that were provoked")
                            .isGreaterThan(ROUNDS * ALERTS_A_ROUND * 9 / 10));
            page.locator(".list").first().evaluate("list => list.scrollTo(0, 0)");
            Assertions.assertThat(number(page, "document.querySelectorAll('ol.alerts li').length"))
                    .as("rows in the page, however many alerts there are")
                    .isLessThan(80);

            page.navigate(outrider.uri("/") + "#/alerts?merchant=" + ODD.replace(" ", "%20"));
            Locator found = page.locator("ol.alerts a.row").first();
            assertThat(found).isVisible(PATIENTLY);
            found.click();
            assertThat(page.locator(".panel .whose")).containsText(ODD);
            assertThat(page.locator("ol.alerts img, .panel img")).hasCount(0);
        }
    }

    private long alerts() throws IOException, InterruptedException {
        return outrider.get("/api/v1/monitoring/live")
                .get("alerts")
                .get("total")
                .asLong();
    }

    private static double number(Page page, String expression) {
        return ((Number) page.evaluate(expression)).doubleValue();
    }

    /** Amounts far beyond what the accounts are used to, at a merchant whose name is no help to a careless page. */
    private void post(Page page, List<JsonNode> accounts, int from) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (JsonNode account : accounts.subList(from, from + ALERTS_A_ROUND)) {
            lines.append("""
                    {"transaction_id":"burst-%s","user_id":"%s","amount":%s,"timestamp":"%s","merchant_id":"%s"}
                    """.formatted(
                            account.get("account").asText(),
                            account.get("account").asText(),
                            account.get("usualAmount").asDouble(20) * 200,
                            account.get("lastEventAt").asText(),
                            ODD));
        }
        Assertions.assertThat(outrider.post("/api/v1/transactions", "application/x-ndjson", lines.toString())
                        .statusCode())
                .as(page.url())
                .isEqualTo(202);
    }
}
