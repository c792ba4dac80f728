package io.outrider.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console in a real browser, as a person uses it; the screenshots are kept under {@code target/screenshots}. */
class ConsoleTest {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final LocatorAssertions.IsVisibleOptions PATIENTLY =
            new LocatorAssertions.IsVisibleOptions().setTimeout(90_000);

    @TempDir
    private Path folder;

    @Test
    void anAlertArrivesAndExplainsItself() throws Exception {
        try (LocalOutrider outrider = new LocalOutrider(folder.resolve("data"), "--rate", "200").start();
                Playwright playwright = playwright();
                Browser browser = chromium(playwright)) {
            Page page = browser.newPage(size(1280, 800).setColorScheme(ColorScheme.LIGHT));
            List<String> complaints = new ArrayList<>();
            page.onPageError(complaints::add);
            page.onConsoleMessage(message -> {
                if (message.type().equals("error")) {
                    complaints.add(message.text());
                }
            });
            page.navigate(outrider.uri("/").toString());

            Locator arrived = page.locator("ol.alerts a.row.new").first();
            assertThat(arrived).isVisible(PATIENTLY);
            screenshot(page, "live-1280-light");

            arrived.click();
            Locator panel = page.getByRole(AriaRole.COMPLEMENTARY, new Page.GetByRoleOptions().setName("Alert"));
            assertThat(panel.getByText("What happened")).isVisible();
            assertThat(panel.getByText(Pattern.compile("expected", Pattern.CASE_INSENSITIVE))
                            .first())
                    .isVisible();
            screenshot(page, "alert-1280-light");

            panel.locator("a[href^='#/accounts/']").first().click();
            assertThat(page.getByText(Pattern.compile("transactions", Pattern.CASE_INSENSITIVE))
                            .first())
                    .isVisible();
            screenshot(page, "account-1280-light");
            page.goBack();
            assertThat(panel).isVisible();

            Assertions.assertThat(complaints).isEmpty();
        }
    }

    @Test
    void itReadsInTheDarkAndOnAPhone() throws Exception {
        try (LocalOutrider outrider = new LocalOutrider(folder.resolve("data"), "--rate", "200").start();
                Playwright playwright = playwright();
                Browser browser = chromium(playwright)) {
            for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                for (int width : new int[] {390, 1280}) {
                    Page page = browser.newPage(size(width, 844).setColorScheme(scheme));
                    page.navigate(outrider.uri("/").toString());
                    assertThat(page.locator("ol.alerts a.row").first()).isVisible(PATIENTLY);
                    screenshot(page, "live-" + width + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT));
                    Object overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
                    Assertions.assertThat(((Number) overflow).intValue())
                            .as("nothing is wider than %s px", width)
                            .isLessThanOrEqualTo(0);
                    page.close();
                }
            }
        }
    }

    private static void screenshot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }

    private static Browser.NewPageOptions size(int width, int height) {
        return new Browser.NewPageOptions().setViewportSize(width, height);
    }

    private static Playwright playwright() {
        return Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    }

    private static Browser chromium(Playwright playwright) {
        return playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of(System.getProperty("outrider.chromium", "/usr/bin/chromium")))
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }
}
