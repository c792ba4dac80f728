package io.outrider.detection.protocol;

/**
 * A scored transaction on its way to its topic.
 *
 * @param account the record's key
 * @param json its value; nobody changes it
 */
public record ScoredRecord(String account, byte[] json) {}
