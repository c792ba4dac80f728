/**
 * ETL as a Spark job: the log is read partition by partition, accounts are folded in shares that each fit into one task, and each
 * partition's rows are brought back into the log's order and written. All that computes or writes is {@code training.etl}'s;
 * Spark moves and sorts. Nothing is kept between tasks but what Spark shuffles.
 */
@NullMarked
package io.outrider.spark.etl;

import org.jspecify.annotations.NullMarked;
