/**
 * The re-keying stage: copies records that carry no key from the ingress topic to the transactions topic, by account.
 * Uses {@code ingestion.kafka} for settings and records. Runs on one thread of its own.
 */
@NullMarked
package io.outrider.ingestion.rekey;

import org.jspecify.annotations.NullMarked;
