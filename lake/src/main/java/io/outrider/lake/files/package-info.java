/**
 * Histories in files: CSV and NDJSON, plain or gzip, read as one stream in event order. Used by replay (ingestion) and
 * by fold and evaluation (training). Decoding is {@code core.event}'s, so that a file and a topic mean the same. Each
 * reader belongs to one thread; results are immutable.
 */
@NullMarked
package io.outrider.lake.files;

import org.jspecify.annotations.NullMarked;
