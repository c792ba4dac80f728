package io.outrider.spark.etl;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.blob.LakeFormat;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.etl.EtlJob;
import io.outrider.training.etl.EtlSettings;
import io.outrider.training.fit.Progress;
import java.io.IOException;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;

/**
 * The job's main class. Makes the next version of a dataset, as {@code outrider etl} does, and says on standard output which;
 * fails with an exception, for a job on Databricks must not end its process.
 */
public final class SparkEtl {

    private SparkEtl() {}

    public static void main(String[] arguments) throws IOException {
        JobArguments given = new JobArguments();
        CommandLine command = new CommandLine(given);
        try {
            command.parseArgs(arguments);
        } catch (CommandLine.ParameterException e) {
            throw new IllegalArgumentException(e.getMessage() + System.lineSeparator() + command.getUsageMessage(), e);
        }
        if (command.isUsageHelpRequested()) {
            command.usage(System.out);
            return;
        }
        SparkSession spark =
                SparkSession.builder().appName("outrider-spark-etl").getOrCreate();
        System.out.println(
                run(spark, given, Clock.systemUTC()).map(SparkEtl::report).orElse("nothing new"));
    }

    /** The new version; empty if there is nothing new. */
    static Optional<DatasetManifest> run(SparkSession spark, JobArguments given, Clock clock) throws IOException {
        RemoteLake where = given.lake();
        EtlSettings settings = EtlSettings.from(ConfigFactory.load());
        BlobStore lake = where.open();
        LakeFormat.check(lake);
        SparkReplay engine = new SparkReplay(spark, where, given.shares());
        return new EtlJob(lake, settings, where.request(lake), engine, clock).run(Progress.NONE);
    }

    private static String report(DatasetManifest version) {
        return String.format(
                Locale.ROOT,
                "%s:%d, %,d rows more, %,d in all; quality gate %s",
                version.dataset(),
                version.version(),
                version.added().rows(),
                version.total().rows(),
                version.gate().passed()
                        ? "passed"
                        : "failed: " + String.join("; ", version.gate().failures()));
    }
}
