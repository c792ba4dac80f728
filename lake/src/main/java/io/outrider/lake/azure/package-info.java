/**
 * The lake on Azure: core's {@code BlobStore} port over Blob Storage (and ADLS Gen2 through its blob endpoint).
 * {@link io.outrider.lake.azure.AzureBlobSettings} says where and with what patience,
 * {@link io.outrider.lake.azure.AzureBlobStore} does it; its neighbour for a folder is {@code lake.blob}. Calls block;
 * everything is thread-safe, and safe between processes.
 */
@NullMarked
package io.outrider.lake.azure;

import org.jspecify.annotations.NullMarked;
