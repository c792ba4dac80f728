/**
 * Tables at rest: rows of named, documented columns in Parquet files, zstd-compressed, which any engine reads. Knows nothing of
 * what the columns mean.
 */
@NullMarked
package io.outrider.lake.table;

import org.jspecify.annotations.NullMarked;
