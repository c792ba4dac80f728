package io.outrider.lake.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
import io.outrider.core.erasure.ErasureList;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.erasure.ErasureFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Alerts that webhooks did not take, under {@code alerts/TOPIC/webhooks/ENDPOINT/dead/ALERT.json}, each with its reason. Calls
 * block. Thread-safe.
 */
public final class UndeliveredAlerts {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DEAD = "/dead/";

    private final BlobStore lake;
    private final String prefix;
    private final ErasureFiles erasures;

    /** @param topic the transactions topic */
    public UndeliveredAlerts(BlobStore lake, String topic) {
        this.lake = lake;
        this.prefix = "alerts/" + topic + "/webhooks/";
        this.erasures = new ErasureFiles(lake, topic);
    }

    /**
     * Writes one down, unless it is erased. An erasure that comes meanwhile either finds it, or is found here: this looks at the
     * list after it has written, as {@link #erase} looks for files after its erasure is in the list.
     */
    public void put(String endpoint, Alert alert, String reason) throws IOException {
        String name = prefix + endpoint + DEAD + alert.id() + ".json";
        JsonNode document = JSON.readTree(AlertCodec.encode(alert));
        lake.put(
                name,
                (JSON.createObjectNode().put("reason", reason).set("alert", document) + "\n")
                        .getBytes(StandardCharsets.UTF_8));
        if (isErased(alert, erasures.list())) {
            lake.delete(name);
        }
    }

    /** Deletes those of erased accounts. What cannot be read as one is left, for it is none of ours. */
    void erase(ErasureList erased) throws IOException {
        for (BlobStore.Entry entry : lake.list(prefix)) {
            Optional<BlobStore.Blob> blob = entry.name().contains(DEAD) ? lake.get(entry.name()) : Optional.empty();
            if (blob.isPresent() && isErased(blob.get().content(), erased)) {
                lake.delete(entry.name());
            }
        }
    }

    private static boolean isErased(byte[] content, ErasureList erased) throws IOException {
        try {
            JsonNode alert = JSON.readTree(content).path("alert");
            return isErased(AlertCodec.decode(JSON.writeValueAsBytes(alert)), erased);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isErased(Alert alert, ErasureList erased) {
        return erased.coversTransaction(
                alert.transaction().account(), alert.receipt().position());
    }
}
