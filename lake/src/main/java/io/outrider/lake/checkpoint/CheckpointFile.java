package io.outrider.lake.checkpoint;

/**
 * A file named by a manifest.
 *
 * @param name blob name
 * @param sizeBytes exact size of the file
 * @param crc32c CRC-32C (Castagnoli) of the whole file, eight lower-case hex digits
 * @param accounts how many accounts it holds
 */
public record CheckpointFile(String name, long sizeBytes, String crc32c, int accounts) {}
