package io.outrider.core.port;

import io.outrider.core.model.Model;
import java.io.IOException;

/** Where models come from. */
public interface ModelSource {

    /** Loads a registered model. IOException if it is absent, damaged, or the store cannot be read. */
    Model load(String version) throws IOException;
}
