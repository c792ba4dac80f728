package io.outrider.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.assertions.LocatorAssertions;
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

    private static final double PATIENCE_MS = 120_000;
    private static final LocatorAssertions.IsVisibleOptions PATIENTLY =
            new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE_MS);

    private SignInAuthority authority;
    private LocalOutrider outrider;
    private ConsoleBrowser browser;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        authority = new SignInAuthority();
        Map<String, String> environment = new HashMap<>(authority.environment());
        environment.put("OUTRIDER_SUPERVISOR_ETL_CRON", "0 0 1 1 *"); // only she starts runs
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
            Locator challenger = page.locator(".tile", new Page.LocatorOptions().setHasText("Challenger"));
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
            ask(page, Pattern.compile("^Roll back"), "it was a test");
            assertThat(page.locator(".tile .copy").first()).hasText(first, patientText());
            Locator audit = page.locator("tbody tr", new Page.LocatorOptions().setHasText("it was a test"));
            assertThat(audit).containsText("Ada");
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

    /** Where the authority sends the browser back, the console goes on where it was. */
    private static void signIn(Page page) {
        button(page, "Sign in").click();
        page.getByText("I am Ada").click();
        assertThat(page.locator("#who")).isVisible(PATIENTLY);
    }

    /** Until the run had something to do: right after the start the raw log may not have its first file yet. */
    private static void run(Page page, String kind) {
        Locator card = page.locator("section.block", new Page.LocatorOptions().setHasText(kind + " runs"));
        Locator runs = card.locator("tbody tr");
        assertThat(card.locator(".skeleton")).hasCount(0);
        for (int tries = 0;
                tries == 0 || (tries < 30 && runs.first().textContent().contains("no new"));
                tries++) {
            int before = runs.count();
            button(page, "Start " + kind).click();
            assertThat(runs).hasCount(before + 1, new LocatorAssertions.HasCountOptions().setTimeout(PATIENCE_MS));
            Locator state = runs.first().locator(".state");
            assertThat(state).hasText(Pattern.compile("succeeded|failed"), patientText());
            assertThat(state).hasText("succeeded");
        }
    }

    /** A step is asked for, then confirmed with a reason. */
    private static void ask(Page page, Pattern step, String why) {
        Page.GetByRoleOptions named = new Page.GetByRoleOptions().setName(step);
        assertThat(page.getByRole(AriaRole.BUTTON, named)).isVisible(PATIENTLY);
        page.getByRole(AriaRole.BUTTON, named).click();
        page.locator(".steps input").fill(why);
        page.locator(".steps .primary").click();
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static LocatorAssertions.HasTextOptions patientText() {
        return new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MS);
    }

    private static LocatorAssertions.ContainsTextOptions patientlyContaining() {
        return new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MS);
    }

    private static void told(Response response, List<String> labels) {
        if (response.url().endsWith("/label")) {
            labels.add(response.status() + " " + response.request().postData());
        }
    }
}
