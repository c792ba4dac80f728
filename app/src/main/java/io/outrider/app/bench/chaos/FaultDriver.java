package io.outrider.app.bench.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Lets a plan's faults happen, each at its time or when its target has recovered from the one before. Faults of
 * different targets overlap, but no more nodes are down at once than allowed; the lake and the broker may be away, too.
 */
final class FaultDriver {

    /**
     * A fault that has happened.
     *
     * @param atSeconds since the first of the plan could have come
     * @param tookSeconds from its beginning until its target had recovered
     */
    record Happened(PlannedFault fault, double atSeconds, double tookSeconds) {}

    private final ChaosCluster cluster;
    private final Consumer<String> report;
    private final Semaphore mayBeDown;
    private final List<Happened> happened = new ArrayList<>();
    /** Never completed but by the first fault that does not end well. */
    private final CompletableFuture<Void> failed = new CompletableFuture<>();

    private final long startNanos = System.nanoTime();

    /** @param report is told of each fault when it begins and when it is over */
    FaultDriver(ChaosCluster cluster, int downAtOnce, Consumer<String> report) {
        this.cluster = cluster;
        this.report = report;
        this.mayBeDown = new Semaphore(downAtOnce, true);
    }

    /** Returns when all have happened and all targets have recovered; IOException if one does not recover. */
    List<Happened> run(List<PlannedFault> plan) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newCachedThreadPool();
        Map<String, Future<?>> latest = new HashMap<>();
        try {
            for (PlannedFault fault : plan) {
                await(failed, fault.gapMs());
                Future<?> before = latest.get(fault.targetName());
                if (before != null) {
                    await(before, Long.MAX_VALUE);
                }
                boolean isDown = fault.kind().target() == FaultKind.Target.NODE;
                if (isDown) {
                    mayBeDown.acquire();
                }
                latest.put(fault.targetName(), threads.submit(() -> {
                    try {
                        happen(fault);
                    } catch (IOException | InterruptedException | RuntimeException e) {
                        failed.completeExceptionally(e);
                        throw e;
                    } finally {
                        if (isDown) {
                            mayBeDown.release();
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> last : latest.values()) {
                await(last, Long.MAX_VALUE);
            }
        } finally {
            threads.shutdownNow();
        }
        return happened;
    }

    /** Returns when it has happened or the time is over; IOException at once if it does not end well. */
    private static void await(Future<?> fault, long milliseconds) throws IOException, InterruptedException {
        try {
            fault.get(milliseconds, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return;
        } catch (ExecutionException e) {
            throw new IOException("a fault did not end well: " + e.getCause(), e.getCause());
        }
    }

    private void happen(PlannedFault fault) throws IOException, InterruptedException {
        double at = seconds();
        say(at, fault, "for " + fault.lengthMs() / 1_000 + " s");
        befall(fault);
        double recovered = seconds();
        say(recovered, fault, "is over");
        synchronized (happened) {
            happened.add(new Happened(fault, at, recovered - at));
        }
    }

    private void befall(PlannedFault fault) throws IOException, InterruptedException {
        switch (fault.kind()) {
            case KILL -> {
                node(fault).process().kill();
                pause(fault);
                node(fault).start(cluster.home());
                node(fault).awaitReady();
            }
            case FREEZE -> {
                node(fault).process().freeze();
                pause(fault);
                node(fault).process().thaw();
                node(fault).awaitReady();
            }
            case STOP -> {
                node(fault).stop();
                pause(fault);
                node(fault).start(cluster.home());
                node(fault).awaitReady();
            }
            case PARTITION -> {
                cluster.partition(fault.node());
                pause(fault);
                cluster.heal(fault.node());
                node(fault).awaitReady();
            }
            case BROKER -> {
                cluster.broker().kill();
                pause(fault);
                cluster.broker().start();
                cluster.broker().topics("");
            }
            case BLOB_BUSY -> lake(fault, FaultyLink.Fault.BUSY);
            case BLOB_SLOW -> lake(fault, FaultyLink.Fault.SLOW);
            case BLOB_LOST_ANSWERS -> lake(fault, FaultyLink.Fault.LOST_ANSWERS);
        }
    }

    private void lake(PlannedFault fault, FaultyLink.Fault what) throws InterruptedException {
        FaultyLink link = cluster.lakeLink(fault.node());
        link.set(what);
        pause(fault);
        link.set(FaultyLink.Fault.NONE);
    }

    private ChaosNode node(PlannedFault fault) {
        return cluster.nodes().get(fault.node());
    }

    private static void pause(PlannedFault fault) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(fault.lengthMs());
    }

    private double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private void say(double at, PlannedFault fault, String what) {
        report.accept(String.format(
                Locale.ROOT, "%7.1f s  %-17s %-14s %s", at, fault.kind().wireName(), fault.targetName(), what));
    }
}
