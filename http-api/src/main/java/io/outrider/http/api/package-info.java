/**
 * Routes under {@code /api/v1}, health and metrics, and the JSON they speak. Calls the core's ports; errors leave as
 * {@code io.outrider.http.problem}. Stateless but for {@link io.outrider.http.api.LiveSampler}; thread-safe.
 */
@NullMarked
package io.outrider.http.api;

import org.jspecify.annotations.NullMarked;
