package io.outrider.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.outrider.system.ConsoleOperator.patientlyContaining;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    private LocalOutrider outrider;
    private ConsoleBrowser browser;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        outrider = new LocalOutrider(folder.resolve("data"), "--rate", "200")
                .with(Map.of("OUTRIDER_ROLLOUT_DRIFT_INTERVAL", "2s", "OUTRIDER_SUPERVISOR_ETL_CRON", "0 0 1 1 *"))
                .start();
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
            assertThat(page.getByText("Spending by day")).isVisible();
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
    void distributionsAreThereAsChartsAndAsTables() {
        try (Page page = browser.open("explore")) {
            assertThat(page.locator(".card canvas")).hasCount(4);
            press(page, "d");
            assertThat(page.locator(".charttable tbody tr").first()).isVisible();
            assertThat(page.locator(".card canvas").first()).isHidden();
            press(page, "d");
            assertThat(page.locator(".card canvas").first()).isVisible();
        }
    }

    @Test
    void eachLineOfALiveChartHasItsNameBesideItsValue() {
        try (Page page = browser.open("live")) {
            Locator now = page.locator(".card", new Page.LocatorOptions().setHasText("Decided within"))
                    .locator(".now");
            assertThat(now).hasText(Pattern.compile("^p50(–|[\\d,]+)p99(–|[\\d,]+)ms$"));
            assertThat(now.locator(".key").first()).isVisible();
        }
    }

    @Test
    void devicesOfMoreThanFiftyNamesAreToldByWhetherTheyWereFamiliar() {
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            JsonNode device = outrider.get("/api/v1/monitoring/drift").at("/fields/device");
            return device.path("present").asLong() > 0 && device.path("values").isEmpty();
        });
        outrider.anAlert();
        try (Page page = browser.open("explore")) {
            Locator firsts =
                    ConsoleOperator.block(page, "Devices, familiar or not").locator("tbody tr");
            assertThat(firsts.first()).containsText("unfamiliar to the account", patientlyContaining());
            assertThat(firsts.last()).containsText("used by it before");
            assertThat(firsts.last().locator("td").nth(3)).hasText(Pattern.compile("^9\\d\\.\\d %$"));
            assertThat(page.getByText("Devices flagged more than once")).isVisible();
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
    void theSentenceOnTopSaysOnlyWhatTheVectorHolds() {
        String heads = """
                import('/console/story.js').then(({ story }) => [
                  { amount_to_max: 46, first_at_merchant: 1, count_1h: 1, count_24h: 1, count_30d: 20, events: 90 },
                  { amount_to_max: 0.9, count_1h: 1, count_24h: 1, count_30d: 20, events: 90 },
                  { count_1h: 4, count_24h: 4, count_30d: 60, events: 90 },
                  { count_1h: 4, count_24h: 4, count_30d: 60, events: 59 },
                  { amount_to_max: 0.9, count_1h: 4, count_24h: 4, count_30d: 60, events: 90, most: 'count_1h' },
                ].map((vector) => {
                  const attributions = [{ feature: 'hour', contribution: 0.1 }, { feature: vector.most ?? 'log_amount', contribution: 0.2 }];
                  const told = story({ amount: vector.amount_to_max ? 920 : 25, usualAmount: 20, attributions, receipt: { vector } });
                  return [told.head, ...told.more].join('. ');
                }))""";
        try (Page page = browser.open("live")) {
            Assertions.assertThat(page.evaluate(heads))
                    .as(
                            "a high, one that is none, a rate, one of fewer days than it would be taken over, and what made most first")
                    .isEqualTo(List.of(
                            "46 times the usual 20.00, a new high, at an unfamiliar merchant",
                            "46 times the usual 20.00",
                            "4 payments within an hour, usually 2 a day",
                            "4 payments within an hour",
                            "4 payments within an hour, usually 2 a day. 46 times the usual 20.00"));
        }
    }

    @Test
    void theMerchantsAndAccountsOfAlertsAreSearchedFromTheDistributions() throws Exception {
        JsonNode alert = outrider.anAlert();
        for (String field : List.of("merchant", "account")) {
            try (Page page = browser.open("explore")) {
                String name = alert.get(field).asText();
                Locator row =
                        page.locator("ol.alerts li[data-id='" + alert.get("id").asText() + "'] a.row");
                assertThat(page.locator(".card canvas").first()).isVisible(PATIENTLY);
                page.locator("input[name=" + field + "]").fill(name);
                page.keyboard().press("Enter");
                assertThat(row).isVisible(PATIENTLY);
                assertThat(page.locator("input[name=" + field + "]")).hasValue(name);
                row.click();
                assertThat(page.locator(
                                ".panel .whose bdi[title='" + name + "'], .panel .whose a[title='" + name + "']"))
                        .isVisible(PATIENTLY);
                page.keyboard().press("Escape");
                page.getByText("Clear").click();
                assertThat(page).hasURL(Pattern.compile("#/alerts$"));
            }
        }
    }

    @Test
    void driftAndDataQualityAreToldByFeatureByPartitionAndOfTheDataset() throws Exception {
        outrider.runToItsEnd("etl", "{}");
        // Below a thousand of them drift says so, and tests nothing.
        await().atMost(Duration.ofMinutes(2))
                .until(() ->
                        outrider.get("/api/v1/monitoring/drift").get("events").asLong() >= 1_000);
        JsonNode quality = outrider.get("/api/v1/monitoring/quality");
        try (Page page = browser.open("monitoring")) {
            Locator drift = ConsoleOperator.block(page, "Drift, what was usual against the last day");
            Locator cards = drift.locator(".card:visible");
            assertThat(cards).hasCount(9, new LocatorAssertions.HasCountOptions().setTimeout(90_000));
            assertThat(drift.locator(".facts")).containsText(Pattern.compile("Moved\\s*\\d+ of \\d+ features"));
            assertThat(cards.first().locator(".mark")).hasText(Pattern.compile("^(moved, )?KS 0\\.\\d\\d$"));
            drift.getByText(Pattern.compile("^Show the other \\d+$")).click();
            assertThat(cards.nth(9).locator("canvas")).isVisible(PATIENTLY);
            press(page, "d");
            assertThat(cards.first().locator("tbody tr").first()).isVisible();
            press(page, "d");

            Locator stream = ConsoleOperator.block(page, "Data quality, stream");
            assertThat(stream.locator("tbody tr"))
                    .hasCount(quality.get("partitions").size());
            assertThat(stream.locator("tbody tr").first().locator("td").nth(1))
                    .not()
                    .hasText("0");
            Locator dataset = ConsoleOperator.block(page, "Data quality, newest dataset");
            assertThat(dataset).containsText("may train");
            assertThat(dataset.locator("tr", new Locator.LocatorOptions().setHasText("Rows")))
                    .containsText(NumberFormat.getInstance(Locale.US)
                            .format(quality.get("dataset")
                                    .get("total")
                                    .get("rows")
                                    .asLong()));
            dataset.locator("summary").click();
            assertThat(dataset.locator("details tbody tr").first()).isVisible();
        }
    }

    @Test
    void aTransactionIsTriedByFormAndWhatIsWrongIsNamedByItsField() throws Exception {
        JsonNode account = outrider.accounts().get(0);
        try (Page page = browser.open("try")) {
            Locator answer = page.locator(".panel");
            Locator who = page.getByLabel("Account", new Page.GetByLabelOptions().setExact(true));
            Locator amount = page.getByLabel("Amount");
            Locator merchant = page.getByLabel("Merchant");
            assertThat(who).isFocused();
            press(page, "Enter");
            // What is needed and not there the browser names itself.
            Assertions.assertThat(who.evaluate("field => field.matches(':invalid')"))
                    .isEqualTo(true);
            assertThat(answer).isHidden();

            page.keyboard().type(account.get("account").asText());
            amount.fill(Double.toString(account.get("usualAmount").asDouble() * 90));
            merchant.fill("m".repeat(300));
            press(page, "Enter");
            assertThat(merchant).hasAttribute("aria-invalid", "true");
            assertThat(merchant).isFocused();
            assertThat(page.locator(".form .error")).containsText("merchant_id is longer than 256 characters");
            assertThat(answer).isHidden();

            merchant.fill("never seen");
            page.getByLabel("Device").fill("kiosk");
            page.getByLabel("Network").fill("192.0.2.77");
            page.getByLabel("Time").fill("2030-02-03T04:05:06");
            press(page, "Enter");
            assertThat(answer.locator(".sevword")).isVisible(PATIENTLY);
            assertThat(answer.locator(".bars .words").first()).hasText("Expected score");
            assertThat(answer.getByText("The smallest change")).isVisible();
            assertThat(page.locator(".form .error")).isEmpty();
            assertThat(merchant).not().hasAttribute("aria-invalid", "true");

            press(page, "Escape");
            amount.fill(account.get("usualAmount").asText());
            page.locator(".form .primary").first().click();
            assertThat(answer.locator("h1")).containsText("threshold", patientlyContaining());
            // The address has the question: whoever is sent it sees the same.
            page.reload();
            assertThat(page.getByLabel("Network")).hasValue("192.0.2.77");
            assertThat(answer.locator("h1")).containsText("threshold", patientlyContaining());
        }
    }

    @Test
    void theSampleFileIsDownloadedUploadedAndItsResultsAreTakenAway() throws Exception {
        try (Page page = browser.open("try")) {
            Download sample =
                    page.waitForDownload(() -> page.getByText("Sample file").click());
            Assertions.assertThat(sample.suggestedFilename()).isEqualTo("outrider-sample.csv");
            List<String> asked = Files.readAllLines(sample.path());
            page.locator("input[type=file]")
                    .setInputFiles(
                            new FilePayload(sample.suggestedFilename(), "text/csv", Files.readAllBytes(sample.path())));
            assertThat(page.getByText(Pattern.compile("^10 scored, [1-9]\\d* would be flagged$")))
                    .isVisible(PATIENTLY);
            assertThat(page.locator("tbody tr")).hasCount(10);
            int flagged = page.locator("tbody .sevword").count();
            Download taken = page.waitForDownload(
                    () -> page.getByText("Take the results").click());
            Assertions.assertThat(taken.suggestedFilename()).isEqualTo("outrider-sample-scored.csv");
            List<String> scored = Files.readAllLines(taken.path());
            Assertions.assertThat(scored)
                    .hasSameSizeAs(asked)
                    .first()
                    .isEqualTo(asked.get(0) + ",score,threshold,anomalous,severity,model_version,reasons,error");
            Assertions.assertThat(scored)
                    .filteredOn(line -> line.contains(",true,"))
                    .hasSize(flagged);
            for (int i = 1; i < asked.size(); i++) {
                String account = asked.get(i).split(",", -1)[0];
                Assertions.assertThat(scored.get(i))
                        .startsWith(account + ",")
                        .matches(".*,(0|1|0\\.\\d+(E-\\d+)?|\\de-\\d+),.*");
            }
            page.locator("input[type=file]")
                    .setInputFiles(new FilePayload(
                            "other.csv", "text/csv", "who,much\n1,2\n".getBytes(StandardCharsets.UTF_8)));
            assertThat(page.locator(".notice"))
                    .containsText("This file cannot be scored Column user_id is missing; there are who, much.");
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
        JsonNode alert = outrider.anAlert();
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
                        Assertions.assertThat(ConsoleBrowser.tooWide(page))
                                .as("what does not fit into %s at %s px", view.name(), width)
                                .isEmpty();
                        Assertions.assertThat(ConsoleBrowser.barriers(page))
                                .as("%s, %s px, %s", view.name(), width, scheme)
                                .isEmpty();
                        ConsoleBrowser.screenshotWhole(page, view.name(), width, scheme);
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
}
