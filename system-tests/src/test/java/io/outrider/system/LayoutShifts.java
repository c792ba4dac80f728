package io.outrider.system;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How far what stood on a page was pushed about by what came after it: the sum of the browser's own {@code layout-shift} entries, without
 * those that follow a key or a click. The page's questions to the API are answered one after another, for on a quick machine all would
 * be there before the first frame, and nothing could shift.
 */
final class LayoutShifts {

    /** What counts as good for the web at large, where it is the worst burst; here it is the whole. */
    static final double LIMIT = 0.1;

    private static final double SETTLED_MS = 400;

    private static final String WATCH = """
            window.shifts = [];
            const named = node => !node ? 'gone' : node.nodeType === 3 ? named(node.parentElement) + ' text'
              : [node.localName, ...node.classList ?? []].join('.');
            const box = r => [r.x, r.y, r.width, r.height].map(Math.round).join(' ');
            new PerformanceObserver(list => list.getEntries().filter(entry => !entry.hadRecentInput).forEach(entry =>
              shifts.push([entry.value, entry.sources.slice(0, 3).map(({ node, previousRect, currentRect }) =>
                `${named(node)} from ${box(previousRect)} to ${box(currentRect)}`).join(', ')])
            )).observe({ type: 'layout-shift', buffered: true });
            const real = window.fetch;
            const late = url => 60 + [...String(url).split('from=')[0]].reduce((sum, c) => sum + c.charCodeAt(0), 0) % 7 * 40;
            window.fetch = (url, ...rest) => new Promise(done => setTimeout(done, late(url))).then(() => real(url, ...rest));
            """;

    /** Resolves once the console has gone where it was sent. */
    private static final String GO = """
            hash => new Promise(gone => {
              shifts = [];
              addEventListener('hashchange', () => setTimeout(gone), { once: true });
              location.hash = hash;
            })""";

    private final ConsoleBrowser browser;
    private final List<String> figures = new ArrayList<>();
    private final List<String> tooFar = new ArrayList<>();

    LayoutShifts(ConsoleBrowser browser) {
        this.browser = browser;
    }

    /** Opens a view by its address, and goes on to another one. */
    void measure(ConsoleView view, ConsoleView next, int width) {
        try (Page page = browser.open(view.address(), width, WATCH)) {
            take(page, view, "opened, " + width + " px");
            page.evaluate(GO, "#/" + next.address());
            take(page, next, "after " + view.name() + ", " + width + " px");
        }
    }

    /** One line a measurement. */
    List<String> figures() {
        return figures;
    }

    /** Measurements at or above the limit, with what was pushed. */
    List<String> tooFar() {
        return tooFar;
    }

    private void take(Page page, ConsoleView view, String how) {
        Locator shown = page.locator(view.shows()).first();
        PlaywrightAssertions.assertThat(shown).isVisible(ConsoleOperator.PATIENTLY);
        PlaywrightAssertions.assertThat(page.locator(".skeleton"))
                .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(ConsoleOperator.PATIENCE_MS));
        // What pushes does so when it comes, and some of it comes after all that is waited for.
        page.waitForTimeout(SETTLED_MS);
        double sum = ((Number) page.evaluate("shifts.reduce((sum, [value]) => sum + value, 0)")).doubleValue();
        String figure = String.format(Locale.ROOT, "%.3f %s, %s", sum, view.name(), how);
        figures.add(figure);
        if (sum >= LIMIT) {
            tooFar.add(figure + ": "
                    + page.evaluate("shifts.map(([value, what]) => value.toFixed(3) + ' ' + what).join('; ')"));
        }
    }
}
