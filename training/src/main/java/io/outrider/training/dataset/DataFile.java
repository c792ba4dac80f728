package io.outrider.training.dataset;

/**
 * One Parquet file of a dataset.
 *
 * @param name blob name
 * @param date event date of all its rows, UTC, {@code 2018-04-01}
 * @param partition partition of the log that they came from
 * @param rows how many
 * @param sizeBytes exact size
 * @param sha256 of the whole file, lower-case hex
 */
public record DataFile(String name, String date, int partition, long rows, long sizeBytes, String sha256) {}
