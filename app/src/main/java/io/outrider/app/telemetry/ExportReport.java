package io.outrider.app.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/** Says once that a receiver takes nothing, and once that it does again, instead of with every batch. Thread-safe. */
final class ExportReport {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ExportReport.class);

    /** Held, because java.util.logging forgets the level of a logger that nobody holds. */
    private static final Logger SDK = Logger.getLogger("io.opentelemetry");

    private final String what;
    private final String where;
    private final AtomicBoolean failing = new AtomicBoolean();

    ExportReport(String what, Optional<String> where) {
        this.what = what;
        this.where = where.orElse("its receiver");
    }

    /** The SDK would log each failed batch, with a stack trace, past our own logging. */
    static void silenceTheSdk() {
        SDK.setLevel(Level.OFF);
    }

    /** Watches how an export ends. */
    CompletableResultCode watch(CompletableResultCode export) {
        return export.whenComplete(() -> {
            if (export.isSuccess()) {
                if (failing.getAndSet(false)) {
                    LOG.info("{} takes {} again", where, what);
                }
            } else if (!failing.getAndSet(true)) {
                Throwable why = export.getFailureThrowable();
                LOG.warn(
                        "{} does not take {}, which are lost until it does: {}",
                        where,
                        what,
                        why == null ? "no answer" : String.valueOf(why.getMessage()));
            }
        });
    }
}
