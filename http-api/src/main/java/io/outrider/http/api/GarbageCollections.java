package io.outrider.http.api;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GcInfo;
import io.outrider.core.telemetry.Buckets;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/**
 * How long this process's garbage collections took, each from when this was made on, by collector and action, as OpenTelemetry's
 * semantic conventions name and bucket them. The virtual machine tells of each after its end. Thread-safe.
 */
final class GarbageCollections {

    /** What was done, such as {@code end of minor GC}, by which collector. */
    record Kind(String collector, String action) {}

    private final Map<Kind, Buckets> durations = new ConcurrentHashMap<>();

    GarbageCollections() {
        for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(this::told, null, null);
            }
        }
    }

    Map<Kind, Buckets> durations() {
        return Map.copyOf(durations);
    }

    private void told(Notification notification, @Nullable Object unused) {
        if (!notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
            return;
        }
        var told = GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
        GcInfo collection = told.getGcInfo();
        durations
                .computeIfAbsent(new Kind(told.getGcName(), told.getGcAction()), kind -> buckets())
                .add(collection.getDuration() / 1000.0);
    }

    /** The bounds that the semantic conventions advise. */
    private static Buckets buckets() {
        return new Buckets(0.01, 0.1, 1, 10);
    }
}
