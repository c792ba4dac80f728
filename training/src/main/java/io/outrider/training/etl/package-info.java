/**
 * From the raw log to datasets: reads Capture files that no version has yet, decodes them as the live path does, replays them
 * through the feature plan with the account states that the version before left, and publishes events and features as Parquet.
 * Uses core's decoder and features and the lake's files; called by the command line.
 */
@NullMarked
package io.outrider.training.etl;

import org.jspecify.annotations.NullMarked;
