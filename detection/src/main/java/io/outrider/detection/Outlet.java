package io.outrider.detection;

import io.outrider.detection.alert.RecentAlerts;
import io.outrider.detection.entity.Publisher;
import org.jspecify.annotations.Nullable;

/** What leaves detection, and what is read back of it. Thread-safe. */
interface Outlet extends AutoCloseable {

    Publisher publisher();

    RecentAlerts alerts();

    /** What keeps it from working; null if nothing does. */
    @Nullable
    String problem();

    @Override
    void close();
}
