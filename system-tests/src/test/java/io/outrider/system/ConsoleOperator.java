package io.outrider.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.time.Duration;
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

    /** Until the run had something to do: the raw log may not have a new file yet. */
    static void run(Page page, String kind) {
        Locator card = block(page, kind + " runs");
        Locator newest = card.locator("tbody tr").first();
        assertThat(card.locator("tbody tr, .empty").first())
                .isVisible(PATIENTLY); // the runs so far, or that there are none
        long giveUp = System.nanoTime() + Duration.ofMinutes(4).toNanos();
        do {
            String before = newestRun(card);
            button(page, "Start " + kind).click();
            page.waitForCondition(
                    () -> !newestRun(card).equals(before), new Page.WaitForConditionOptions().setTimeout(PATIENCE_MS));
            Locator state = newest.locator(".state");
            assertThat(state).hasText(Pattern.compile("succeeded|failed"), patientText());
            assertThat(state).hasText("succeeded");
        } while (newest.textContent().contains("no new") && System.nanoTime() < giveUp);
    }

    /** Its id, or nothing before there is one: the card shows the last runs only, so that their number says nothing. */
    private static String newestRun(Locator card) {
        Locator ids = card.locator("tbody tr .mono");
        return ids.count() == 0 ? "" : ids.first().textContent();
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
