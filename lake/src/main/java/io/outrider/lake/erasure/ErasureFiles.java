package io.outrider.lake.erasure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.outrider.core.erasure.ErasureList;
import io.outrider.core.erasure.ErasureRequest;
import io.outrider.core.port.BlobStore;
import io.outrider.core.pseudonym.AccountHash;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Erasures of the accounts of a topic, under {@code erasures/TOPIC/}: {@code requests/ID.json} each, which is also the audit
 * line and stays, and {@code key}, the secret that account ids are hashed with, made at random when first needed. Who may
 * read {@code key} can find out whether an account that they can name was erased. Calls block. Thread-safe.
 */
public final class ErasureFiles {

    private static final ObjectMapper JSON =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    private final BlobStore lake;
    private final String prefix;

    /** Requests that change no more, by name of their blob and its last change. */
    private final Map<BlobStore.Entry, ErasureRequest> known = new ConcurrentHashMap<>();

    private volatile @Nullable AccountHash hash;

    /** @param topic the transactions topic */
    public ErasureFiles(BlobStore lake, String topic) {
        this.lake = lake;
        this.prefix = "erasures/" + topic + "/";
    }

    /** All erasures as they stand. */
    public ErasureList list() throws IOException {
        List<BlobStore.Entry> entries = lake.list(prefix + "requests/");
        List<ErasureRequest> requests = new ArrayList<>();
        for (BlobStore.Entry entry : entries) {
            ErasureRequest request = known.get(entry);
            if (request == null) {
                BlobStore.Blob blob = lake.get(entry.name())
                        .orElseThrow(() -> new IOException(entry.name() + " has vanished, and erasures stay"));
                request = decode(entry.name(), blob.content());
                known.keySet().removeIf(old -> old.name().equals(entry.name()));
                known.put(entry, request);
            }
            requests.add(request);
        }
        return requests.isEmpty() ? ErasureList.NONE : new ErasureList(requests, hash());
    }

    /** Writes a request, or what has become of it. */
    public void put(ErasureRequest request) throws IOException {
        lake.put(name(request.id()), encode(request));
    }

    /** How account ids are hashed here. */
    public AccountHash hash() throws IOException {
        AccountHash made = hash;
        if (made == null) {
            made = new AccountHash(key());
            hash = made;
        }
        return made;
    }

    private byte[] key() throws IOException {
        String name = prefix + "key";
        var present = lake.get(name);
        if (present.isEmpty()) {
            byte[] fresh = new byte[AccountHash.MIN_KEY_BYTES];
            new SecureRandom().nextBytes(fresh);
            var unused = lake.putIfAbsent(name, fresh);
            present = lake.get(name); // another's, if that came first
        }
        return present.orElseThrow(() -> new IOException(name + " is missing, though it was just written"))
                .content();
    }

    private String name(String id) {
        return prefix + "requests/" + id + ".json";
    }

    private static byte[] encode(ErasureRequest request) {
        try {
            return JSON.writeValueAsBytes(request);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record is always writable", e);
        }
    }

    private static ErasureRequest decode(String name, byte[] content) throws IOException {
        try {
            return JSON.readValue(content, ErasureRequest.class);
        } catch (IOException e) {
            throw new IOException(name + " cannot be read: " + e.getMessage(), e);
        }
    }
}
