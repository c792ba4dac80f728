package io.outrider.detection.simulation;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.event.Transaction;
import io.outrider.core.port.BlobStore;
import io.outrider.core.risk.MerchantCounts;
import io.outrider.core.risk.RiskBook;
import io.outrider.core.risk.RiskTableCodec;
import io.outrider.detection.risk.RiskAggregator;
import io.outrider.detection.risk.RiskSettings;
import io.outrider.lake.risk.RiskFiles;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Transactions as counted at merchants plainly, against what the aggregator makes of the partition's reports. */
final class MerchantAudit {

    private static final RiskSettings SETTINGS = RiskSettings.from(ConfigFactory.load());

    private final MerchantCounts plain = new MerchantCounts();

    void count(Transaction transaction) {
        plain.add(transaction.merchant(), transaction.eventTimeMs());
    }

    /** What is wrong; null if nothing is. */
    @Nullable
    String compare(BlobStore lake) throws IOException {
        RiskFiles files = new RiskFiles(lake, "transactions");
        RiskAggregator aggregator = new RiskAggregator(files, "g", 1, SETTINGS);
        aggregator.collect();
        byte[] reported = RiskTableCodec.encode(files.table(aggregator.publish()));
        RiskBook book = new RiskBook(SETTINGS.maturity(), SETTINGS.maxMerchants());
        book.take(plain);
        return Arrays.equals(reported, RiskTableCodec.encode(book.table()))
                ? null
                : "merchants' counts are not those of a plain count";
    }
}
