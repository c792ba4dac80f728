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

/**
 * ETL as the supervisor runs it: one run makes the next version of one dataset, or finds nothing new. Parameter {@code
 * accept-missing-risk}: whether to go on with an older table where what was known of merchants is gone.
 */
public final class SupervisedEtl implements Job {

    /** Its kind. */
    public static final String KIND = "etl";

    private static final String ACCEPT_MISSING_RISK = "accept-missing-risk";

    private final Etl etl;

    /** Makes the ETL that puts its temporary files into a folder. */
    public interface Etl {
        EtlJob on(Path disk, boolean acceptMissingRisk);
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
            String value = parameter.getValue();
            if (!parameter.getKey().equals(ACCEPT_MISSING_RISK)) {
                throw new RefusedException(
                        parameter.getKey(), value, "ETL takes the parameter " + ACCEPT_MISSING_RISK + " alone");
            }
            if (!value.equals("true") && !value.equals("false")) {
                throw new RefusedException(ACCEPT_MISSING_RISK, value, ACCEPT_MISSING_RISK + " must be true or false");
            }
        }
    }

    @Override
    public JobResult run(JobContext context) throws IOException, HopelessException {
        boolean acceptMissingRisk =
                Boolean.parseBoolean(context.parameters().getOrDefault(ACCEPT_MISSING_RISK, "false"));
        try {
            Optional<DatasetManifest> version =
                    etl.on(context.disk(), acceptMissingRisk).run((step, fraction) -> context.progress(fraction, step));
            return version.map(SupervisedEtl::result).orElseGet(() -> JobResult.nothingNew("no new records"));
        } catch (IOException e) {
            throw judged(e);
        }
    }

    /**
     * Tells a failure of ETL that another attempt would meet again, since what is missing or damaged will not come back, from
     * one that may pass.
     *
     * @return the failure itself, to be thrown, if it may pass
     * @throws HopelessException if it will not; says how to go on
     */
    public static IOException judged(IOException failure) throws HopelessException {
        if (failure instanceof MissingRiskException missing) {
            throw new HopelessException(
                    missing.what() + "; an ETL run with " + ACCEPT_MISSING_RISK + "=true goes on with an older table,"
                            + " and fails the quality gate unless outrider.etl.gate.max-stale-risk-share is raised",
                    missing);
        }
        if (failure instanceof CaptureGapException
                || failure instanceof DamagedCaptureException
                || failure instanceof HopelessReplayException) {
            throw new HopelessException(String.valueOf(failure.getMessage()), failure);
        }
        return failure;
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
