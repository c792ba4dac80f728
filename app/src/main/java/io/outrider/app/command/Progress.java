package io.outrider.app.command;

import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error, for a person; where none looks (a pipe, a log), nothing is printed. */
public final class Progress implements AutoCloseable {

    private static final int STEPS = 1_000;

    /** Set by the launcher, which knows whether standard error is a terminal; Java does not say it alike in all versions. */
    static final boolean WATCHED = Boolean.getBoolean("outrider.terminal");

    private final @Nullable ProgressBar bar;

    private Progress(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    /** A bar for one task. */
    public static Progress bar(String task) {
        if (!WATCHED) {
            return new Progress(null);
        }
        return new Progress(new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(STEPS)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(250)
                .build());
    }

    /**
     * Moves the bar.
     *
     * @param fraction done, 0 to 1
     */
    public void at(double fraction, Supplier<String> message) {
        if (bar != null) {
            bar.stepTo(Math.round(fraction * STEPS));
            bar.setExtraMessage(message.get());
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
