package io.outrider.training.dataset;

/**
 * A Capture file that a version was made from, beyond those of its parent.
 *
 * @param file its path in the raw log's container
 * @param records how many of its records were new
 */
public record CapturedInput(String file, long records) {}
