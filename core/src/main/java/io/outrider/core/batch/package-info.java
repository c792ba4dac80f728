/**
 * Scoring tables: rows of CSV in, the same rows with what is said of them out. Knows no stream library; whoever reads the bytes
 * hands them over in pieces.
 */
@NullMarked
package io.outrider.core.batch;

import org.jspecify.annotations.NullMarked;
