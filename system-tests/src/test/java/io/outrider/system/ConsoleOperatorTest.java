package io.outrider.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.outrider.system.ConsoleOperator.PATIENCE_MS;
import static io.outrider.system.ConsoleOperator.PATIENTLY;
import static io.outrider.system.ConsoleOperator.ask;
import static io.outrider.system.ConsoleOperator.block;
import static io.outrider.system.ConsoleOperator.button;
import static io.outrider.system.ConsoleOperator.makeASecondModel;
import static io.outrider.system.ConsoleOperator.patientText;
import static io.outrider.system.ConsoleOperator.patientlyContaining;
import static io.outrider.system.ConsoleOperator.patientlyHidden;
import static io.outrider.system.ConsoleOperator.run;
import static io.outrider.system.ConsoleOperator.signIn;
import static io.outrider.system.ConsoleOperator.tile;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** An operator who signs in to the console at an authority, under the page's own content security policy. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleOperatorTest {

    private SignInAuthority authority;
    private LocalOutrider outrider;
    private ConsoleBrowser browser;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        authority = new SignInAuthority();
        Map<String, String> environment = new HashMap<>(authority.environment());
        environment.put("OUTRIDER_SUPERVISOR_ETL_CRON", "0 0 1 1 *"); // only she starts runs
        environment.put("OUTRIDER_CAPTURE_TIME_WINDOW", "2 s"); // so that each run of ETL finds something new
        outrider = new LocalOutrider(folder.resolve("data"), "--rate", "100")
                .with(environment)
                .start();
        browser = ConsoleBrowser.underItsPolicy(outrider.uri("/"));
    }

    @AfterAll
    void stop() {
        browser.close();
        outrider.close();
        authority.close();
    }

    @Test
    void aPersonSignsInJudgesInHerOwnNameStaysSignedInAndSignsOut() {
        try (Page page = browser.open("alerts")) {
            List<String> labels = new CopyOnWriteArrayList<>();
            page.onResponse(response -> told(response, labels));
            signIn(page);
            assertThat(page).hasURL(Pattern.compile("/#/alerts$"));
            assertThat(page.locator("#who")).hasAttribute("title", "Ada");
            assertThat(page.locator("ol.alerts a.row").first()).isVisible(PATIENTLY);

            page.keyboard().press("j");
            page.keyboard().press("y");
            page.waitForCondition(() -> !labels.isEmpty(), new Page.WaitForConditionOptions().setTimeout(PATIENCE_MS));
            Assertions.assertThat(labels).allMatch(sent -> sent.startsWith("202 ") && sent.contains("\"by\":\"Ada\""));

            page.waitForCondition(
                    () -> authority.renewals() > 0, new Page.WaitForConditionOptions().setTimeout(PATIENCE_MS));

            page.locator("#who").click();
            assertThat(button(page, "Sign in")).isVisible(PATIENTLY);
            assertThat(page.locator("#who")).isHidden();
        }
    }

    @Test
    void aModelIsTrainedComparedPromotedAndRolledBack() {
        try (Page page = browser.open("models")) {
            signIn(page);
            Locator stages = page.locator(".tile h2");
            assertThat(stages.first()).hasText("Champion", patientText());
            String first = page.locator(".tile .copy").first().textContent();
            run(page, "ETL");
            run(page, "Training");

            ask(page, Pattern.compile("^Compare "), "to see what would change");
            Locator challenger = tile(page, "Challenger");
            assertThat(challenger).isVisible(PATIENTLY);
            assertThat(challenger.getByText("would vanish")).isVisible(PATIENTLY);
            assertThat(page.getByText("Average precision").first()).isVisible(PATIENTLY);
            assertThat(page.locator(".confusion").first()).isVisible(PATIENTLY);
            for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                for (int width : new int[] {390, 1280}) {
                    ConsoleBrowser.become(page, width, scheme);
                    ConsoleBrowser.screenshot(page, "models-compared", width, scheme);
                }
            }

            ask(page, Pattern.compile("^Promote \\d"), "too early");
            assertThat(page.locator(".steps .error")).containsText(Pattern.compile("gate"), patientlyContaining());
            ask(page, Pattern.compile("^Promote against the gate"), "it is a test");
            assertThat(page.locator(".tile .copy").first()).not().hasText(first, patientText());
            String second = page.locator(".tile .copy").first().textContent();
            Request rollback = page.waitForRequest(
                    "**/models/rollback", () -> ask(page, Pattern.compile("^Roll back"), "it was a test"));
            Assertions.assertThat(rollback.postData()).contains("\"modelVersion\":\"" + second + "\"");
            assertThat(page.locator(".tile .copy").first()).hasText(first, patientText());
            Locator audit = page.locator("tbody tr", new Page.LocatorOptions().setHasText("it was a test"));
            assertThat(audit).containsText("Ada");
        }
    }

    @Test
    void aCanaryIsTriedAndEndedAndSoIsTheComparison() {
        try (Page page = browser.open("models")) {
            signIn(page);
            makeASecondModel(page);
            String champion = page.locator(".tile .copy").first().textContent();
            Locator challenger = tile(page, "Challenger");
            Locator canary = tile(page, "Canary");
            ask(page, Pattern.compile("^Compare "), "beside the champion");
            assertThat(challenger).isVisible(PATIENTLY);

            button(page, "Try on 5 % of the accounts").click();
            button(page, "Leave it").click();
            assertThat(button(page, "Try on 5 % of the accounts")).isVisible();
            assertThat(canary).isHidden();
            ask(page, Pattern.compile("^Try on 5 %"), "few accounts first");
            assertThat(canary).containsText("decides for 5.0 % of the accounts", patientlyContaining());
            assertThat(page.locator(".tile .copy").first()).hasText(champion);
            Locator audit = page.locator("tbody tr", new Page.LocatorOptions().setHasText("few accounts first"));
            assertThat(audit).containsText("Ada", patientlyContaining());

            ask(page, Pattern.compile("^Roll back"), "few were enough");
            assertThat(canary).isHidden(patientlyHidden());
            assertThat(page.locator(".tile .copy").first()).hasText(champion);
            assertThat(challenger).isVisible();

            ask(page, Pattern.compile("^End the comparison"), "seen enough");
            assertThat(challenger).isHidden(patientlyHidden());
            assertThat(page.getByRole(
                            AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^Compare "))))
                    .isVisible(PATIENTLY);
            Locator ended = page.locator("tbody tr", new Page.LocatorOptions().setHasText("seen enough"));
            assertThat(ended).containsText("Ada", patientlyContaining());
        }
    }

    @Test
    void aBacktestTellsWhichAlertsWouldAppearAndVanish() {
        try (Page page = browser.open("models")) {
            signIn(page);
            makeASecondModel(page);
            Locator card = block(page, "Backtest runs");
            assertThat(card.getByText("No run yet")).isVisible(PATIENTLY);
            Locator from = page.getByLabel("First day of the backtest");
            Locator to = page.getByLabel("Last day of the backtest");
            Locator newest = card.locator("tbody tr").first();

            from.fill("2026-03-02");
            to.fill("2026-03-01");
            button(page, "Start Backtest").click();
            assertThat(card.locator(".error")).containsText("to must not lie before from", patientlyContaining());
            from.fill("2041-03-01");
            to.fill("");
            button(page, "Start Backtest").click();
            assertThat(newest).containsText("no event from 2041-03-01", patientlyContaining());
            assertThat(newest.locator(".state")).hasText("failed", patientText());

            from.fill("");
            button(page, "Start Backtest").click();
            assertThat(newest.locator(".state")).hasText("succeeded", patientText());
            assertThat(page.getByText(Pattern.compile("^Would appear: "))).isVisible(PATIENTLY);
            assertThat(page.getByText(Pattern.compile("^Would vanish: "))).isVisible();
            Locator found = page.locator(".nested:has(.facts)");
            assertThat(found.locator(".facts")).containsText(Pattern.compile("Alerts a day.*–.*to come"));
            assertThat(found.locator(".card canvas")).isVisible();
            newest.locator("a").click();
            assertThat(page).hasURL(Pattern.compile("backtest=backtest-\\d+$"));
            assertThat(found.locator(".card canvas")).isVisible(PATIENTLY);
            for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                for (int width : new int[] {390, 1280}) {
                    ConsoleBrowser.become(page, width, scheme);
                    card.evaluate("card => card.scrollIntoView()");
                    ConsoleBrowser.screenshot(page, "models-backtest", width, scheme);
                }
            }
        }
    }

    @Test
    void anAlertIsScoredAgainAndLeadsToItsLikes() {
        try (Page page = browser.open("alerts")) {
            signIn(page);
            Locator panel = page.getByRole(AriaRole.COMPLEMENTARY, new Page.GetByRoleOptions().setName("Alert"));
            assertThat(page.locator("ol.alerts a.row").first()).isVisible(PATIENTLY);
            page.locator("ol.alerts a.row").first().click();
            assertThat(panel.locator("[data-replay]")).isVisible(PATIENTLY);
            page.keyboard().press("r");
            assertThat(panel.locator(".replay")).containsText("Same, bit for bit", patientlyContaining());

            String first = page.url();
            Locator likes = panel.locator("ol.alerts a.row");
            assertThat(likes.first()).isVisible(PATIENTLY);
            likes.first().click();
            assertThat(page).not().hasURL(first);
            assertThat(panel.locator(".story")).not().isEmpty();
            page.goBack();
            assertThat(page).hasURL(first);
        }
    }

    @Test
    void theReviewQueueIsWorkedWithoutAMouse() {
        try (Page page = browser.open("review")) {
            signIn(page);
            Locator selected = page.locator("li:has(a[aria-current])");
            assertThat(selected).isVisible(PATIENTLY);
            String most = selected.getAttribute("data-id");
            page.keyboard().press("Enter");
            assertThat(page.locator(".panel .story")).isVisible(PATIENTLY);
            page.keyboard().press("u");
            assertThat(selected).not().hasAttribute("data-id", most);
            page.keyboard().press("k");
            assertThat(selected).hasAttribute("data-id", most);
            Locator done = page.locator(".facts div", new Page.LocatorOptions().setHasText("Done"))
                    .locator("dd");
            assertThat(done).hasText("1");
            page.keyboard().press("z");
            assertThat(done).hasText("0");
        }
    }

    @Test
    void aFileIsScoredTheBadRowNamedAndTheResultsTakenAway() throws Exception {
        String csv = """
                user_id,amount,merchant_id\r
                4711,12.50,"m, 1"\r
                4711,much,m-2\r
                =cmd,99999,m-3\r
                """;
        try (Page page = browser.open("try")) {
            signIn(page);
            page.locator("input[type=file]")
                    .setInputFiles(new FilePayload("asked.csv", "text/csv", csv.getBytes(StandardCharsets.UTF_8)));
            assertThat(page.getByText(Pattern.compile("^3 scored, .* 1 could not be read$")))
                    .isVisible();
            assertThat(page.locator("tbody tr").nth(1)).containsText(Pattern.compile("amount"));
            Download download = page.waitForDownload(
                    () -> page.getByText("Take the results").click());
            Assertions.assertThat(download.suggestedFilename()).isEqualTo("asked-scored.csv");
            Assertions.assertThat(Files.readAllLines(download.path()))
                    .hasSize(4)
                    .anyMatch(line -> line.startsWith("4711,12.5,\"m, 1\","))
                    .as("no formula for whoever opens it in a spreadsheet")
                    .anyMatch(line -> line.startsWith("'=cmd,"));
        }
    }

    private static void told(Response response, List<String> labels) {
        if (response.url().endsWith("/label")) {
            labels.add(response.status() + " " + response.request().postData());
        }
    }
}
