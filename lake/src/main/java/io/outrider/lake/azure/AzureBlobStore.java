package io.outrider.lake.azure;

import com.azure.core.http.rest.PagedIterable;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.models.BlobContainerItem;
import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.DownloadRetryOptions;
import com.azure.storage.blob.models.ListBlobContainersOptions;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.models.ParallelTransferOptions;
import com.azure.storage.blob.specialized.BlobInputStream;
import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A lake in Azure Blob Storage: one container per first segment of a name, created when first written to.
 *
 * <p>A write takes effect by one request, Put Blob or, for large blobs, Put Block List, so it is atomic; it is durable
 * and seen by every reader when it returns. Conditions are the service's own (If-None-Match, If-Match), checked in that
 * request. Failures that may pass are retried by the SDK ({@link AzureBlobSettings.Retry}); how a conditional write
 * stays exact across retries is told in {@link BlobWrite}.
 *
 * <p>An attempt that was given up on may still reach the service later. A conditional write is safe from that, as its
 * condition has gone by then. An unconditional one is not: a name that is written more than once and must never fall
 * back wants conditional writes. Where the lake is ADLS Gen2, the directories that the service makes are not blobs here.
 */
public final class AzureBlobStore implements BlobStore {

    /** Blocks of one blob in flight at once; bounds memory beside the content itself. */
    private static final int UPLOAD_CONCURRENCY = 4;

    /** The SDK would take a broken download up again, but waits by rules of its own; we read again instead. */
    private static final DownloadRetryOptions NO_RESUMING = new DownloadRetryOptions().setMaxRetryRequests(0);

    /** What the service issues. Anything else, above all {@code *}, would mean something else in If-Match. */
    private static final Pattern ETAG = Pattern.compile("\"?[0-9A-Za-z]+\"?");

    private final BlobServiceClient account;
    private final AttemptWatch watch = new AttemptWatch();
    private final ParallelTransferOptions transfer;
    private final int listPageSize;
    private final int readRounds;

    /**
     * Makes the client; the account is first asked when the store is first used.
     *
     * @throws IllegalArgumentException if the connection string is none
     */
    public AzureBlobStore(AzureBlobSettings settings) {
        this.account = BlobAccount.open(settings, watch);
        this.transfer = new ParallelTransferOptions()
                .setBlockSizeLong((long) settings.uploadBlockSizeBytes())
                .setMaxSingleUploadSizeLong((long) settings.uploadBlockSizeBytes())
                .setMaxConcurrency(UPLOAD_CONCURRENCY);
        this.listPageSize = settings.listPageSize();
        this.readRounds = settings.retry().attempts();
    }

    /** Requests sent again since the start, because of a timeout, a lost connection or a busy service. */
    public long retries() {
        return watch.retries();
    }

    @Override
    public Optional<Blob> get(String name) throws IOException {
        BlobClient blob = blob(BlobLocation.of(name));
        return call("read", name, () -> {
            for (int round = 1; ; round++) {
                AttemptWatch.Attempts attempts = new AttemptWatch.Attempts();
                try {
                    return read(blob, attempts);
                } catch (BlobStorageException e) {
                    if (StorageErrors.isAbsent(e)) {
                        return Optional.empty();
                    }
                    throw e;
                } catch (RuntimeException e) {
                    // The answer broke off. From the start again: the blob may have a new version by now.
                    if (round == readRounds || !attempts.wereAnswered() || StorageErrors.isInterrupt(e)) {
                        throw e;
                    }
                    watch.countRetry();
                }
            }
        });
    }

    @Override
    public Optional<InputStream> open(String name) throws IOException {
        BlobClient blob = blob(BlobLocation.of(name));
        return call("open", name, () -> {
            try {
                BlobInputStream chunks = blob.openInputStream();
                if (isDirectory(chunks.getProperties().getMetadata())) {
                    chunks.close();
                    return Optional.empty();
                }
                return Optional.of(new BlobStream(name, chunks));
            } catch (BlobStorageException e) {
                if (StorageErrors.isAbsent(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    @Override
    public String put(String name, byte[] content) throws IOException {
        return write(name, content, new BlobRequestConditions()).orElseThrow();
    }

    @Override
    public Optional<String> putIfAbsent(String name, byte[] content) throws IOException {
        return write(name, content, new BlobRequestConditions().setIfNoneMatch("*"));
    }

    @Override
    public Optional<String> putIfMatch(String name, byte[] content, String etag) throws IOException {
        if (!ETAG.matcher(etag).matches()) {
            return Optional.empty();
        }
        return write(name, content, new BlobRequestConditions().setIfMatch(etag));
    }

    @Override
    public void delete(String name) throws IOException {
        BlobClient blob = blob(BlobLocation.of(name));
        call("delete", name, blob::deleteIfExists);
    }

    @Override
    public List<Entry> list(String prefix) throws IOException {
        List<Entry> entries = new ArrayList<>();
        int slash = prefix.indexOf('/');
        if (slash >= 0) {
            list(prefix.substring(0, slash), prefix.substring(slash + 1), entries);
        } else {
            for (String container : containers(prefix)) {
                list(container, "", entries);
            }
        }
        entries.sort(Comparator.comparing(Entry::name));
        return entries;
    }

    private static Optional<Blob> read(BlobClient blob, AttemptWatch.Attempts attempts) {
        var answer = blob.downloadContentWithResponse(NO_RESUMING, null, null, attempts.context());
        var headers = answer.getDeserializedHeaders();
        return isDirectory(headers.getMetadata())
                ? Optional.empty()
                : Optional.of(new Blob(answer.getValue().toBytes(), headers.getETag()));
    }

    private Optional<String> write(String name, byte[] content, BlobRequestConditions conditions) throws IOException {
        BlobLocation location = BlobLocation.of(name);
        BlobWrite write = new BlobWrite(blob(location), content, conditions, transfer);
        return call("write", name, () -> {
            try {
                return write.send();
            } catch (BlobStorageException e) {
                if (!BlobErrorCode.CONTAINER_NOT_FOUND.equals(e.getErrorCode())) {
                    throw e;
                }
            }
            if (conditions.getIfMatch() != null) {
                return Optional.empty();
            }
            account.createBlobContainerIfNotExists(location.container());
            return write.send();
        });
    }

    private List<String> containers(String prefix) throws IOException {
        return call("list", prefix, () -> {
            List<String> names = new ArrayList<>();
            for (BlobContainerItem container :
                    account.listBlobContainers(new ListBlobContainersOptions().setPrefix(prefix), null)) {
                if (BlobLocation.isContainer(container.getName())) { // the service's own ($logs) hold no data of ours
                    names.add(container.getName());
                }
            }
            return names;
        });
    }

    private void list(String container, String pathPrefix, List<Entry> to) throws IOException {
        if (!BlobLocation.isContainer(container)) {
            return;
        }
        ListBlobsOptions options = new ListBlobsOptions()
                .setPrefix(pathPrefix)
                .setMaxResultsPerPage(listPageSize)
                .setDetails(new BlobListDetails().setRetrieveMetadata(true));
        call("list", container + "/" + pathPrefix, () -> {
            PagedIterable<BlobItem> found =
                    account.getBlobContainerClient(container).listBlobs(options, null);
            try {
                for (BlobItem item : found) {
                    if (!isDirectory(item.getMetadata())) {
                        to.add(entry(container, item));
                    }
                }
            } catch (BlobStorageException e) {
                if (!StorageErrors.isAbsent(e)) {
                    throw e;
                }
            }
            return to;
        });
    }

    private static Entry entry(String container, BlobItem item) {
        var properties = item.getProperties();
        return new Entry(
                container + "/" + item.getName(),
                properties.getContentLength(),
                properties.getLastModified().toInstant().toEpochMilli());
    }

    private BlobClient blob(BlobLocation location) {
        return account.getBlobContainerClient(location.container()).getBlobClient(location.path());
    }

    /** Whether metadata is that of a directory of an account with hierarchical namespace. */
    private static boolean isDirectory(@Nullable Map<String, String> metadata) {
        return metadata != null && "true".equals(metadata.get("hdi_isfolder"));
    }

    @FunctionalInterface
    private interface Call<T> {
        T perform() throws IOException;
    }

    /** Turns whatever the SDK throws into the port's IOException, with a message that says what failed and why. */
    private <T> T call(String verb, String name, Call<T> call) throws IOException {
        String what = "could not " + verb + " " + name + " at " + account.getAccountUrl() + ": ";
        try {
            return call.perform();
        } catch (BlobStorageException e) {
            throw new IOException(what + "status " + e.getStatusCode() + " " + e.getErrorCode(), e);
        } catch (IOException e) {
            throw new IOException(what + e.getMessage(), e);
        } catch (RuntimeException e) {
            if (StorageErrors.isInterrupt(e)) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException(what + "interrupted").initCause(e);
            }
            throw new IOException(what + StorageErrors.reason(e), e);
        }
    }
}
