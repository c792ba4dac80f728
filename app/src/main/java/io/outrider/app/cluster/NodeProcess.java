package io.outrider.app.cluster;

import io.outrider.app.command.CommandException;
import io.outrider.app.node.NodeParts;
import io.outrider.app.node.OutriderNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that is one node for as long as it lives. A node that the others have removed, because it was frozen or cut
 * off, can't come back as it was: it is replaced by a new one at the same address, which joins the others. Only if none
 * of them answers for as long as a join may take does it form a cluster again, if that is its part.
 */
final class NodeProcess {

    private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);

    private final NodeParts parts;
    private final PrintWriter out;
    private final CompletableFuture<Done> asked = new CompletableFuture<>();
    private final CompletableFuture<Done> stopped = new CompletableFuture<>();

    NodeProcess(NodeParts parts, PrintWriter out) {
        this.parts = parts;
        this.out = out;
    }

    /** Runs until the process is asked to end, which it then does with 0. */
    int run() throws InterruptedException, IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::onSignal, "outrider-stop"));
        try {
            NodeParts next = parts;
            while (!asked.isDone()) {
                boolean joined = live(next);
                next = joined ? parts.rejoining() : parts;
                if (!asked.isDone()) {
                    LOG.warn(
                            joined
                                    ? "This node was removed from its cluster; it starts anew and joins again"
                                    : "This node found no cluster to join; it starts anew and tries again");
                    TimeUnit.MILLISECONDS.sleep(parts.startRetry().toMillis());
                }
            }
        } finally {
            stopped.complete(Done.getInstance());
        }
        return 0;
    }

    /** One life, from its start to its end, by whose hand ever; returns whether it was a member of a cluster. */
    private boolean live(NodeParts life) throws InterruptedException, IOException {
        OutriderNode node;
        try {
            node = OutriderNode.start(life);
        } catch (IllegalStateException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
        try (node) {
            out.printf("Outrider node: http://%s:%d%n", parts.http().host(), node.port());
            out.flush();
            CompletableFuture.anyOf(asked, node.ended().toCompletableFuture()).get();
            return node.hasJoined();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException("the node cannot run: " + e.getCause(), e.getCause());
        }
    }

    /** The JVM would end with the signal's number; a node that has stopped in order has not failed. */
    private void onSignal() {
        if (stopped.isDone()) {
            return;
        }
        asked.complete(Done.getInstance());
        stopped.join();
        Runtime.getRuntime().halt(0);
    }
}
