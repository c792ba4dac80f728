package io.outrider.lake.alert;

import java.io.IOException;

/** Somebody else has written the alert store since this writer has read what is in it. */
public final class StoreFencedException extends IOException {

    StoreFencedException() {
        super("another writer has replaced the manifest of the alert store");
    }
}
