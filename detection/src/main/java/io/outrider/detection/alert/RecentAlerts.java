package io.outrider.detection.alert;

import io.outrider.core.alert.Alert;
import io.outrider.core.port.AlertFeed;
import java.util.List;
import java.util.Map;

/** The feed of alerts, with what it holds in memory at one moment. Thread-safe. */
public interface RecentAlerts extends AlertFeed {

    /**
     * What is in memory.
     *
     * @param alerts in the order in which they were read
     * @param keptFrom per partition of the alerts topic, the offset from which on none is missing
     */
    record Recent(List<Alert> alerts, Map<Integer, Long> keptFrom) {}

    /** What is in memory now. */
    Recent recent();
}
