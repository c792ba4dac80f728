package io.outrider.spark.etl;

import static org.apache.spark.sql.functions.col;

import io.outrider.training.dataset.DatasetJson;
import io.outrider.training.etl.PartitionResult;
import io.outrider.training.etl.PartitionUnit;
import io.outrider.training.etl.ReplayEngine;
import io.outrider.training.fit.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Replays partitions in Spark's tasks. Memory of a task: the accounts of one share of one partition, or what an output holds,
 * whatever the history's length; what is sorted spills to the machines' disks. For one thread.
 */
final class SparkReplay implements ReplayEngine {

    private final SparkSession spark;
    private final RemoteLake lake;
    private final int shares;

    /** Splits each partition's accounts into so many shares. */
    SparkReplay(SparkSession spark, RemoteLake lake, int shares) {
        this.spark = spark;
        this.lake = lake;
        this.shares = shares;
    }

    @Override
    public List<PartitionResult> replay(List<PartitionUnit> units, Progress progress) throws IOException {
        Map<Integer, PartitionResult> results = new HashMap<>();
        List<PartitionUnit> left = new ArrayList<>();
        for (PartitionUnit unit : units) {
            Optional<PartitionResult> finished = unit.finished();
            finished.ifPresent(result -> results.put(unit.partition(), result));
            if (finished.isEmpty()) {
                left.add(unit);
            }
        }
        if (!left.isEmpty()) {
            for (String json : collect(rows(RemoteUnits.of(lake, shares, left)))) {
                byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
                PartitionResult result = DatasetJson.read("a task's result", bytes, PartitionResult.class);
                results.put(result.progress().partition(), result);
            }
        }
        List<PartitionResult> inOrder = new ArrayList<>();
        for (PartitionUnit unit : units) {
            inOrder.add(Optional.ofNullable(results.get(unit.partition()))
                    .orElseThrow(() -> new IllegalStateException("no task gave partition " + unit.partition())));
        }
        return inOrder;
    }

    /** A task that fails, fails again where it is tried again, and then the job; what it says is the innermost reason. */
    private static List<String> collect(Dataset<String> rows) throws IOException {
        try {
            return rows.collectAsList();
        } catch (Exception e) { // Spark throws checked ones without saying so
            Throwable reason = e;
            while (reason.getCause() != null) {
                reason = reason.getCause();
            }
            throw new IOException(String.valueOf(reason.getMessage()), e);
        }
    }

    /** The log by partitions; its accounts by shares, each in the log's order; rows by partitions, in the log's order again. */
    private Dataset<String> rows(RemoteUnits units) {
        Dataset<Row> log = spark.range(0, units.count(), 1, units.count())
                .flatMap(new ReadLog(units), Encoders.row(LogRow.SCHEMA));
        Dataset<Row> folded = log.repartition(units.count() * shares, col(LogRow.UNIT), col(LogRow.SHARE))
                .sortWithinPartitions(LogRow.UNIT, LogRow.SHARE, LogRow.SEQUENCE_NUMBER)
                .mapPartitions(new FoldShares(units), Encoders.row(FoldedRow.SCHEMA));
        return folded.repartition(units.count(), col(FoldedRow.UNIT))
                .sortWithinPartitions(FoldedRow.UNIT, FoldedRow.KIND, FoldedRow.SEQUENCE_NUMBER, FoldedRow.ACCOUNT)
                .mapPartitions(new WriteUnits(units), Encoders.STRING());
    }
}
