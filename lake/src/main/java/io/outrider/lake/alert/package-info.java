/**
 * Alerts, reviewed transactions and labels at rest: Parquet files by date, and one manifest that says which of them count and
 * how far the topics are in them. {@code docs/alerts.md} describes the format. Written by one writer at a time, read by anybody.
 */
@NullMarked
package io.outrider.lake.alert;

import org.jspecify.annotations.NullMarked;
