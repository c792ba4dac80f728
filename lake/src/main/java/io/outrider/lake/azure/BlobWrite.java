package io.outrider.lake.azure;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.BlockBlobItem;
import com.azure.storage.blob.models.ParallelTransferOptions;
import com.azure.storage.blob.options.BlobParallelUploadOptions;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One write of one blob, however often it is sent.
 *
 * <p>The SDK sends a request again when no answer came. Where the first attempt had taken effect and only its answer
 * was lost, the condition of the second no longer holds, because of our own write, and the service refuses it. So every
 * write leaves an id of its own in the blob's metadata, which comes and goes with the content, and a refusal that
 * follows a repeated attempt is believed only after a look at what stands there:
 *
 * <ul>
 *   <li>our id: the write took effect, and that is what the caller gets to know;
 *   <li>another's: either ours never took effect, or it did and has been replaced since. Nobody can tell, which is what
 *       an {@link IOException} means.
 * </ul>
 *
 * <p>A refusal of a write that was sent once is a plain refusal.
 */
final class BlobWrite {

    /** Key of the write's id in the blob's metadata. */
    static final String ID = "outriderwrite";

    private final BlobClient blob;
    private final BinaryData content;
    private final BlobRequestConditions conditions;
    private final ParallelTransferOptions transfer;
    private final String id = UUID.randomUUID().toString();
    private final AttemptWatch.Attempts attempts = new AttemptWatch.Attempts();

    BlobWrite(BlobClient blob, byte[] content, BlobRequestConditions conditions, ParallelTransferOptions transfer) {
        this.blob = blob;
        this.content = BinaryData.fromBytes(content);
        this.conditions = conditions;
        this.transfer = transfer;
    }

    /**
     * Sends the write. Returns the new ETag, or empty if the condition did not hold and nothing was changed.
     *
     * @throws IOException if the write was refused, and an earlier attempt may have taken effect
     * @throws RuntimeException the SDK's, if the write failed otherwise
     */
    Optional<String> send() throws IOException {
        BlobParallelUploadOptions options = new BlobParallelUploadOptions(content)
                .setRequestConditions(conditions)
                .setMetadata(Map.of(ID, id))
                .setParallelTransferOptions(transfer);
        try {
            return Optional.of(upload(options).getETag());
        } catch (BlobStorageException e) {
            if (!isRefusal(e)) {
                throw e;
            }
            return attempts.wereRepeated() ? effectOfEarlierAttempt() : Optional.empty();
        }
    }

    private BlockBlobItem upload(BlobParallelUploadOptions options) {
        try {
            return blob.uploadWithResponse(options, null, attempts.context()).getValue();
        } catch (RuntimeException e) {
            throw StorageErrors.single(e);
        }
    }

    private Optional<String> effectOfEarlierAttempt() throws IOException {
        try {
            BlobProperties current = blob.getProperties();
            if (id.equals(current.getMetadata().get(ID))) {
                return Optional.of(current.getETag());
            }
        } catch (BlobStorageException e) {
            if (!BlobErrorCode.BLOB_NOT_FOUND.equals(e.getErrorCode())) {
                throw e;
            }
        }
        throw new IOException("a conditional write was refused after an attempt without an answer;"
                + " whether that one took effect before another's write is unknown");
    }

    /** By the error's code, not its status: 409 and 412 also mean leases, deletions under way and more. */
    private static boolean isRefusal(BlobStorageException e) {
        return BlobErrorCode.BLOB_ALREADY_EXISTS.equals(e.getErrorCode())
                || BlobErrorCode.CONDITION_NOT_MET.equals(e.getErrorCode());
    }
}
