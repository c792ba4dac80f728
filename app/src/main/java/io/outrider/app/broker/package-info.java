/** A real Kafka broker inside this process, for one laptop. Knows Kafka and nothing of ours. */
@NullMarked
package io.outrider.app.broker;

import org.jspecify.annotations.NullMarked;
