/**
 * Puts dead letters back: those that decode now (the cause was mended) or whose value was mended go back to the
 * topic that they came from (transactions, labels) by account, each at most once. Uses {@code ingestion.kafka}. A run belongs to the thread that calls it.
 */
@NullMarked
package io.outrider.ingestion.redrive;

import org.jspecify.annotations.NullMarked;
