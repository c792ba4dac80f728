/**
 * Work that Databricks does: a supervised run triggers a job there over the Jobs API and waits for its end. Knows the API,
 * and nothing of what the job computes.
 */
@NullMarked
package io.outrider.training.databricks;

import org.jspecify.annotations.NullMarked;
