/**
 * Reading topics without a consumer group, each reader in a thread of its own: positions are the reader's business, which
 * keeps them with what it makes of the records. Knows Kafka's consumer and nothing of what is read.
 */
@NullMarked
package io.outrider.detection.topic;

import org.jspecify.annotations.NullMarked;
