/** What Spark makes of a history, against what ETL makes of it. */
@NullMarked
package io.outrider.spark.etl;

import org.jspecify.annotations.NullMarked;
