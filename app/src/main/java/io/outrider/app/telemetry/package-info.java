/**
 * What leaves the process about itself by OTLP: spans, and the metrics that {@code /metrics} serves, where the standard
 * environment names a receiver; otherwise nothing of this runs. Also what puts a trace's ids into JSON logs.
 */
@NullMarked
package io.outrider.app.telemetry;

import org.jspecify.annotations.NullMarked;
