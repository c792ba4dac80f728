package io.outrider.core.partition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountPartitionerTest {

    /** Kafka's own vectors: {@code UtilsTest.testMurmur2}. */
    @ParameterizedTest
    @CsvSource({
        "21, -973932308",
        "foobar, -790332482",
        "a-little-bit-long-string, -985981536",
        "a-little-bit-longer-string, -1486304829",
        "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8, -58897971",
        "abc, 479470107",
    })
    void murmur2IsKafkas(String key, int hash) {
        assertThat(Murmur2Partitioner.hash(key.getBytes(UTF_8))).isEqualTo(hash);
    }

    /** librdkafka's own vectors: {@code rd_ut_partitioner}, checked there with an independent crc32 tool. */
    @ParameterizedTest
    @CsvSource({
        "23456, 0xb1b451d7",
        "this is another string with more length to it perhaps, 0xb0150df7",
        "hejsan, 0xd077037e",
    })
    void crc32IsLibrdkafkas(String key, String hash) {
        for (int partitions : new int[] {1, 3, 17, 32}) {
            assertThat(AccountPartitioner.named("crc32").partition(key, partitions))
                    .isEqualTo((int) (Long.decode(hash) % partitions));
        }
    }

    /** The Azure SDKs' shared vectors: {@code PartitionResolverTests}. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "7 -15263",
                "131 30562",
                "7149583486996073602 12977",
                "FWfAT -22341",
                "sOdeEAsyQoEuEFPGerWO -6503",
                "FAyAIctPeCgmiwLKbJcyswoHglHVjQdvtBowLACDNORsYvOcLddNJYDmhAVkbyLOrHTKLneMNcbgWVlasVywOByANjs 5226",
                "!c*_!I@1^c 15372",
                "p4*!jioeO/z-!-;w:dh -3104",
                "$0cb 26269",
                "-4189260826195535198 453",
            })
    void eventHubsHashIsTheServices(String key, short hash) {
        assertThat(EventHubsPartitioner.hash(key.getBytes(UTF_8))).isEqualTo(hash);
    }

    @Property
    void everyAccountLiesOnAPartitionThatExists(
            @ForAll @StringLength(min = 1, max = 40) String account,
            @ForAll @IntRange(min = 1, max = 2000) int partitions) {
        for (String name : new String[] {"murmur2", "crc32", "event-hubs"}) {
            assertThat(AccountPartitioner.named(name).partition(account, partitions))
                    .isBetween(0, partitions - 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"murmur2", "crc32", "event-hubs"})
    void accountsSpreadOverAllPartitions(String name) {
        AccountPartitioner partitioner = AccountPartitioner.named(name);
        int[] load = new int[32];
        IntStream.range(0, 32_000).forEach(i -> load[partitioner.partition("user-" + i, 32)]++);
        assertThat(IntStream.of(load).boxed()).allSatisfy(n -> assertThat(n).isBetween(600, 1400));
    }

    @Test
    void anUnknownNameIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> AccountPartitioner.named("md5"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("md5")
                .hasMessageContaining("event-hubs");
    }
}
