package io.outrider.system;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Debian's Chromium without a window, on the console of one server; its screenshots are kept under {@code target/screenshots}. */
final class ConsoleBrowser implements AutoCloseable {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final String AXE = "/axe.min.js";

    private static final int HEIGHT = 844;
    private static final int LONGEST = 4_000;

    /** How long anything may take to show on a machine that does much else, too. */
    private static final double PATIENCE_MS = 30_000;

    private final URI console;
    private final boolean policyBypassed;
    private final Playwright playwright;
    private final Browser browser;
    private final List<String> complaints = new ArrayList<>();

    ConsoleBrowser(URI console) {
        this(console, true);
    }

    /** One that keeps to the page's content security policy, so that no other script, axe neither, can be put in. */
    static ConsoleBrowser underItsPolicy(URI console) {
        return new ConsoleBrowser(console, false);
    }

    private ConsoleBrowser(URI console, boolean policyBypassed) {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
        this.policyBypassed = policyBypassed;
        this.console = console;
        this.playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        this.browser = playwright
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

    /** A new page at a view; what it complains of is kept. */
    Page open(String view) {
        return open(view, 1280, "");
    }

    /** One of a width, with a script that runs before any of the page's own. */
    Page open(String view, int width, String script) {
        Page page = browser.newPage(new Browser.NewPageOptions()
                .setViewportSize(width, HEIGHT)
                .setColorScheme(ColorScheme.LIGHT)
                .setReducedMotion(ReducedMotion.REDUCE)
                .setBypassCSP(policyBypassed));
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(page.url() + ": " + message.text());
            }
        });
        page.addInitScript(script);
        page.navigate(console + "#/" + view);
        return page;
    }

    /** Errors that pages told on their consoles, or that no script caught. */
    List<String> complaints() {
        return complaints;
    }

    /** Another window and theme under the same page: what was drawn follows, as it does for a person. */
    static void become(Page page, int width, ColorScheme scheme) {
        page.setViewportSize(width, HEIGHT);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        page.waitForTimeout(100);
    }

    static void screenshot(Page page, String name, int width, ColorScheme scheme) {
        String file = name + "-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT) + ".png";
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(file)));
    }

    /** All of a view that scrolls, as far down as somebody would look; nothing of one that does not. */
    static void screenshotWhole(Page page, String name, int width, ColorScheme scheme) {
        int more = ((Number) page.evaluate("Math.max(...[...document.querySelectorAll('.list, .panel')]"
                        + ".map(part => part.scrollHeight - part.clientHeight))"))
                .intValue();
        if (more > 0) {
            page.setViewportSize(width, Math.min(HEIGHT + more, LONGEST));
            page.waitForTimeout(100);
            screenshot(page, name + "-whole", width, scheme);
            page.setViewportSize(width, HEIGHT);
        }
    }

    /** What is wider than its place: the page itself, or a part of it that is to be scrolled up and down only. */
    @SuppressWarnings("unchecked")
    static List<String> tooWide(Page page) {
        return (List<String>)
                page.evaluate(
                        "[document.documentElement, ...document.querySelectorAll('main, .list, .panel, dialog')]"
                                + ".filter(part => part.scrollWidth > part.clientWidth)"
                                + ".map(part => `${part.className || part.localName}: ${part.scrollWidth} px in ${part.clientWidth}`)");
    }

    /** What axe finds against WCAG 2.1 AA: the rule, and the elements that break it. */
    @SuppressWarnings("unchecked")
    static List<String> barriers(Page page) {
        if (!(Boolean) page.evaluate("'axe' in window")) {
            page.evaluate(axe());
        }
        return (List<String>) page.evaluate(
                "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then(r => r.violations.map("
                        + "v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 150)"
                        + " + ' ' + (n.any[0]?.message ?? '')).join(' | ')))");
    }

    private static String axe() {
        try (InputStream in = ConsoleBrowser.class.getResourceAsStream(AXE)) {
            if (in == null) {
                throw new IllegalStateException(AXE + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
