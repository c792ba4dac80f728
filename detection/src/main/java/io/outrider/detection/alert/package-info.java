/**
 * What leaves detection: alerts and dead letters onto their topics, and the alerts as read back for the API. Depends on
 * core and Kafka's client. The publisher has one thread of its own, the index another; both are thread-safe.
 */
@NullMarked
package io.outrider.detection.alert;

import org.jspecify.annotations.NullMarked;
