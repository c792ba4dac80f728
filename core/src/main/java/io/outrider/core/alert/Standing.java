package io.outrider.core.alert;

import io.outrider.core.event.Label;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is known of a transaction by its label: the verdict that counts now, or that there is none. */
public enum Standing {
    FRAUD,
    GENUINE,
    UNLABELLED;

    /** The standing that a label gives; {@link #UNLABELLED} for none. */
    public static Standing of(@Nullable Label label) {
        if (label == null) {
            return UNLABELLED;
        }
        return label.fraud() ? FRAUD : GENUINE;
    }

    /** As the API spells it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
