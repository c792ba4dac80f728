package io.outrider.lake.checkpoint;

/**
 * A file of context changes that a manifest names.
 *
 * @param name blob name
 * @param fromOffset offset of its first change
 * @param changes how many it holds, at least one
 * @param sizeBytes exact size of the file
 * @param crc32c CRC-32C (Castagnoli) of the whole file, eight lower-case hex digits
 */
public record HistorySegment(String name, long fromOffset, int changes, long sizeBytes, String crc32c) {}
