package io.outrider.core.port;

import io.outrider.core.drift.DriftReport;
import java.util.concurrent.CompletionStage;

/** Whether the traffic is still what the champion was made for. Thread-safe. */
public interface DriftReports {

    /** The last day against what was usual. Fails with {@link UnavailableException} while that cannot be told. */
    CompletionStage<DriftReport> drift();
}
