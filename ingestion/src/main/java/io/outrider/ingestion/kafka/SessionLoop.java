package io.outrider.ingestion.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs sessions of a stage, one after the other, on a thread of its own: each from joining its group to a failure or the
 * stop. A failure (a broker away, a write refused) ends the session like a crash; the next one, after a pause that doubles
 * while nothing gets done, finds out where to go on. Thread-safe.
 */
public final class SessionLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SessionLoop.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final String stage;
    private final Session session;
    private final LongSupplier done;
    private final Duration patience;
    private final Thread thread;
    private final Object lock = new Object();
    private boolean stopped;

    /** One life of the stage; ends in order once it is told to stop. */
    public interface Session {
        void run(BooleanSupplier stopped) throws IOException;
    }

    /**
     * A stage that is not started.
     *
     * @param stage names its thread, and it in the log
     * @param done a counter of what it gets done
     * @param patience how long its end may take once it is told to stop; then it is interrupted, which is like a crash
     */
    public SessionLoop(String stage, Session session, LongSupplier done, Duration patience) {
        this.stage = stage;
        this.session = session;
        this.done = done;
        this.patience = patience;
        this.thread = new Thread(this::run, stage);
        this.thread.setDaemon(true);
    }

    /** Starts the thread. Call once. */
    public void start() {
        thread.start();
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!isStopped()) {
            long before = done.getAsLong();
            try {
                session.run(this::isStopped);
            } catch (IOException | RuntimeException e) {
                if (isStopped()) {
                    LOG.debug("The {} stage was stopped", stage, e);
                    return;
                }
                pause = done.getAsLong() > before ? FIRST_PAUSE : pause;
                LOG.warn("The {} stage failed and starts again in {} ms", stage, pause.toMillis(), e);
                sleep(pause);
                Duration doubled = pause.multipliedBy(2);
                pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
            }
        }
    }

    private boolean isStopped() {
        synchronized (lock) {
            return stopped;
        }
    }

    private void sleep(Duration pause) {
        synchronized (lock) {
            long deadline = System.nanoTime() + pause.toNanos();
            try {
                while (!stopped && System.nanoTime() < deadline) {
                    lock.wait(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
                }
            } catch (InterruptedException e) {
                stopped = true;
            }
        }
    }

    /** Stops it and waits for its end. */
    @Override
    public void close() {
        synchronized (lock) {
            stopped = true;
            lock.notifyAll();
        }
        try {
            thread.join(patience.toMillis());
            thread.interrupt();
            thread.join(patience.toMillis() / 2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
