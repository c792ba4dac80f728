package io.outrider.detection.alert;

import io.outrider.core.alert.Alert;
import io.outrider.core.alert.Receipt;
import io.outrider.core.alert.Severity;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import java.util.List;
import java.util.Map;

/** Alerts to publish and read back. */
public final class Alerts {

    private Alerts() {}

    public static Alert alert(String account, long offset) {
        LogPosition position = new LogPosition("g", 0, offset);
        return new Alert(
                position.alertId(),
                new Transaction("t" + offset, account, 900, 1_700_000_000_000L, null, null, null, null, null),
                0.99,
                0.9,
                Severity.HIGH,
                "m1",
                position.alertId(),
                60,
                List.of("amount 900 is far above the usual 60"),
                0.5,
                List.of(),
                null,
                new Receipt(position, new ContextRef("m1", 0), "plan", Map.of("amount", 900.0)));
    }
}
