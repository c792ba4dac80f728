package io.outrider.app.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What happens when a running command is told to end (Ctrl-C, SIGTERM): its work is stopped, and the process waits until the
 * command has said what it did, for some seconds at most.
 */
public final class Interruption {

    private static final long PATIENCE_SECONDS = 5;

    private final CountDownLatch ended = new CountDownLatch(1);

    private Interruption() {}

    /**
     * From now on the process is interrupted that way.
     *
     * @param stop makes the work end soon; runs on a thread of its own
     */
    public static Interruption by(Runnable stop) {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> interruption.end(stop), "outrider-stop"));
        return interruption;
    }

    private void end(Runnable stop) {
        if (ended.getCount() == 0) {
            return;
        }
        stop.run();
        try {
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("outrider: ended without waiting any longer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The command has said what it did; call it however the command ends. */
    public void over() {
        ended.countDown();
    }
}
