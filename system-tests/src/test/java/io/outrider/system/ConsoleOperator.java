package io.outrider.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;

/** What an operator does on a page of the console, and how long she waits. */
final class ConsoleOperator {

    static final double PATIENCE_MS = 120_000;
    static final LocatorAssertions.IsVisibleOptions PATIENTLY =
            new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE_MS);

    private ConsoleOperator() {}

    /** Where the authority sends the browser back, the console goes on where it was. */
    static void signIn(Page page) {
        button(page, "Sign in").click();
        page.getByText("I am Ada").click();
        assertThat(page.locator("#who")).isVisible(PATIENTLY);
    }

    /** Unless another test has made one already. */
    static void makeASecondModel(Page page) {
        Locator versions = block(page, "Versions").locator("tbody tr");
        assertThat(versions.first()).isVisible(PATIENTLY);
        if (versions.count() < 2) {
            run(page, "ETL");
            run(page, "Training");
            assertThat(versions).hasCount(2, new LocatorAssertions.HasCountOptions().setTimeout(PATIENCE_MS));
        }
    }

    static Locator tile(Page page, String stage) {
        return page.locator(
                ".tile",
                new Page.LocatorOptions().setHas(page.locator("h2", new Page.LocatorOptions().setHasText(stage))));
    }

    static Locator block(Page page, String title) {
        return page.locator("section.block", new Page.LocatorOptions().setHasText(title));
    }

    /** Until the run had something to do: right after the start the raw log may not have its first file yet. */
    static void run(Page page, String kind) {
        Locator card = block(page, kind + " runs");
        Locator runs = card.locator("tbody tr");
        assertThat(card.locator("tbody tr, .empty").first())
                .isVisible(PATIENTLY); // the runs so far, or that there are none
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
    static void ask(Page page, Pattern step, String why) {
        Page.GetByRoleOptions named = new Page.GetByRoleOptions().setName(step);
        assertThat(page.getByRole(AriaRole.BUTTON, named)).isVisible(PATIENTLY);
        page.getByRole(AriaRole.BUTTON, named).click();
        page.locator(".steps input").fill(why);
        page.locator(".steps .primary").click();
    }

    static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    static LocatorAssertions.HasTextOptions patientText() {
        return new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MS);
    }

    static LocatorAssertions.IsHiddenOptions patientlyHidden() {
        return new LocatorAssertions.IsHiddenOptions().setTimeout(PATIENCE_MS);
    }

    static LocatorAssertions.ContainsTextOptions patientlyContaining() {
        return new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MS);
    }
}
