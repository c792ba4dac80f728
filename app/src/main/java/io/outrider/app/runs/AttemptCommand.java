package io.outrider.app.runs;

import com.typesafe.config.Config;
import io.outrider.app.etl.LakeChoice;
import io.outrider.app.node.LongJobs;
import io.outrider.app.process.AttemptServer;
import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;

/** What a node runs for one attempt at a batch run, where {@code outrider.batch-process} says so. */
@Command(
        name = LongJobs.COMMAND,
        hidden = true,
        description = "Does one attempt at a batch run, for a node that has started it.")
public final class AttemptCommand implements Callable<Integer> {

    @Override
    public Integer call() throws IOException {
        PrintStream reports = System.out;
        System.setOut(System.err); // nothing else may come between
        CountDownLatch ended = new CountDownLatch(1);
        // Ctrl-C reaches this process, too; when to end is for the node to say.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> await(ended), "outrider-stop"));
        try {
            AttemptServer.serve(System.in, reports, order -> LongJobs.of(order, AttemptCommand::lake));
        } finally {
            ended.countDown();
        }
        return 0;
    }

    private static void await(CountDownLatch ended) {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static BlobStore lake(Config config) throws IOException {
        String folder = config.getString("outrider.node.lake-folder");
        return LakeChoice.at(folder.isBlank() ? null : Path.of(folder)).open(config);
    }
}
