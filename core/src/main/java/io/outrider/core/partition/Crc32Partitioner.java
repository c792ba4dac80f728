package io.outrider.core.partition;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * librdkafka's {@code consistent} partitioner, the default of its family for records with a key: CRC-32 of the key
 * modulo the partitions.
 */
final class Crc32Partitioner implements AccountPartitioner {

    @Override
    public String name() {
        return "crc32";
    }

    @Override
    public int partition(String account, int partitions) {
        var crc = new CRC32();
        crc.update(account.getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % partitions);
    }
}
