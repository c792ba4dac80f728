package io.outrider.training.etl;

import io.outrider.lake.capture.CaptureGapException;
import io.outrider.lake.capture.DamagedCaptureException;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.job.Job;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** ETL as the supervisor runs it: one run makes the next version of one dataset, or finds nothing new. Takes no parameters. */
public final class SupervisedEtl implements Job {

    /** Its kind. */
    public static final String KIND = "etl";

    private final Etl etl;

    /** Makes the ETL that puts its temporary files into a folder. */
    public interface Etl {
        EtlJob on(Path disk);
    }

    public SupervisedEtl(Etl etl) {
        this.etl = etl;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public boolean resumable() {
        return true;
    }

    @Override
    public void check(Map<String, String> parameters) throws RefusedException {
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            throw new RefusedException(parameter.getKey(), parameter.getValue(), "ETL takes no parameters");
        }
    }

    @Override
    public JobResult run(JobContext context) throws IOException, HopelessException {
        try {
            Optional<DatasetManifest> version =
                    etl.on(context.disk()).run((step, fraction) -> context.progress(fraction, step));
            return version.map(SupervisedEtl::result).orElseGet(() -> JobResult.nothingNew("no new records"));
        } catch (CaptureGapException | DamagedCaptureException e) {
            throw new HopelessException(String.valueOf(e.getMessage()), e);
        }
    }

    private static JobResult result(DatasetManifest version) {
        boolean passed = version.gate().passed();
        return JobResult.done(
                String.format(
                        Locale.ROOT,
                        "%s:%d, %,d rows more%s",
                        version.dataset(),
                        version.version(),
                        version.added().rows(),
                        passed ? "" : "; the quality gate says that it must not train"),
                Map.of(
                        "dataset", version.dataset(),
                        "version", Integer.toString(version.version()),
                        "gate", passed ? "passed" : "failed"));
    }
}
