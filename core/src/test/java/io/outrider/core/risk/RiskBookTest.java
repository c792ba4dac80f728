package io.outrider.core.risk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.event.Label;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RiskBookTest {

    private static final long HOUR = 3_600_000L;
    private static final long DAY = 24 * HOUR;
    private static final long NOW = 20_000 * DAY;
    private static final Duration MATURITY = Duration.ofDays(7);

    private final RiskBook book = new RiskBook(MATURITY, 1_000);

    @Test
    void theSameLabelsAndCountsInAnyOrderGiveTheSameTable() {
        Random random = new Random(7);
        List<Label> labels = new ArrayList<>();
        List<MerchantCounts> counts = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            long eventMs = NOW + random.nextInt(60 * 24) * HOUR;
            String account = "a" + random.nextInt(20);
            int version = 1 + random.nextInt(3);
            labels.add(new Label(
                    "t" + random.nextInt(150),
                    account,
                    "m" + random.nextInt(9),
                    eventMs,
                    random.nextBoolean(),
                    "x",
                    version,
                    eventMs + random.nextInt(48) * HOUR));
            MerchantCounts part = new MerchantCounts();
            for (int j = 0; j < 20; j++) {
                part.add("m" + random.nextInt(12), eventMs + random.nextInt(48) * HOUR);
            }
            counts.add(part);
        }
        byte[] table = null;
        byte[] stored = null;
        for (int order = 0; order < 5; order++) {
            Collections.shuffle(labels, random);
            Collections.shuffle(counts, random);
            RiskBook one = new RiskBook(MATURITY, 1_000);
            for (int i = 0; i < labels.size(); i++) {
                one.take(labels.get(i));
                one.take(MerchantCounts.decode(counts.get(i).encode()));
                if (i % 97 == 0) {
                    one.table(); // looking changes nothing
                }
            }
            byte[] bytes = RiskTableCodec.encode(one.table());
            assertThat(bytes).isEqualTo(table == null ? bytes : table);
            assertThat(RiskTableCodec.encode(RiskTableCodec.decode(bytes))).isEqualTo(bytes);
            table = bytes;
            byte[] kept = RiskBookCodec.encode(one);
            assertThat(kept).isEqualTo(stored == null ? kept : stored);
            RiskBook again = RiskBookCodec.decode(kept, MATURITY, 1_000);
            assertThat(RiskTableCodec.encode(again.table())).isEqualTo(bytes);
            stored = kept;
        }
    }

    /** The ledger is what models are fitted and evaluated with. */
    @Test
    void aTableSaysWhatTheLedgerSays() {
        Random random = new Random(11);
        MerchantRiskLedger ledger = new MerchantRiskLedger(1_000);
        MerchantCounts counts = new MerchantCounts();
        for (int bucket = 0; bucket < 40 * 12; bucket++) {
            String merchant = "m" + random.nextInt(3);
            long startMs = NOW + bucket * MerchantVolume.BUCKET_MS;
            boolean frauds = random.nextInt(6) == 0;
            for (int i = 0; i < 3; i++) {
                long eventMs = startMs + random.nextInt((int) MerchantVolume.BUCKET_MS);
                counts.add(merchant, eventMs);
                ledger.transaction(merchant, eventMs);
                if (frauds) {
                    Label label = new Label("t" + eventMs, "a", merchant, eventMs, true, "x", 1, eventMs);
                    book.take(label);
                    ledger.verdict(new Verdict("a", merchant, eventMs, true, eventMs));
                } else {
                    long knownMs = startMs + MerchantVolume.BUCKET_MS + MATURITY.toMillis();
                    ledger.verdict(new Verdict("a", merchant, eventMs, false, knownMs));
                }
            }
        }
        book.take(counts);
        ledger.advanceTo(counts.newestMs());
        RiskTable table = book.table();
        for (long at = counts.newestMs(); at < counts.newestMs() + 10 * DAY; at += 5 * HOUR) {
            for (String merchant : List.of("m0", "m1", "m2")) {
                assertThat(table.at(merchant, at))
                        .usingRecursiveComparison()
                        .as("%s at %s", merchant, at)
                        .isEqualTo(ledger.at(merchant, at));
            }
            assertThat(table.account("a", at)).usingRecursiveComparison().isEqualTo(ledger.account("a", at));
        }
        assertThat(history("m0").fraudTotal()).isPositive();
    }

    @Test
    void whatNobodyLabelsBecomesGenuineWithAgeAndALaterLabelTakesItBack() {
        transactions("m", NOW, NOW + HOUR, NOW + 3 * HOUR);
        transactions("clock", NOW + 2 * HOUR + 7 * DAY - 1);
        assertThat(history("m").knownTotal()).isZero();
        transactions("clock", NOW + 2 * HOUR + 7 * DAY);
        assertThat(history("m").knownTotal()).as("two hours at once").isEqualTo(2);
        assertThat(history("m").lastGenuineMs()).isEqualTo(NOW + HOUR);
        assertThat(book.take(label("t1", NOW + HOUR, true, 1, NOW + 9 * DAY))).isTrue();
        assertThat(history("m").knownTotal()).isEqualTo(2);
        assertThat(history("m").fraudTotal()).isEqualTo(1);
        assertThat(history("m").fraudRun()).isEqualTo(1);
        transactions("clock", NOW + 60 * DAY);
        assertThat(history("m").knownTotal()).as("long settled").isEqualTo(3);
        assertThat(Objects.requireNonNull(book.table().at("m", NOW + 60 * DAY)).verdicts())
                .containsExactly(0, 0, 0);
    }

    @Test
    void aCorrectionTakesTheVerdictBack() {
        book.take(label("t1", NOW, true, 1, NOW + HOUR));
        assertThat(history("m").fraudTotal()).isEqualTo(1);
        assertThat(book.table().account("a", NOW + HOUR)).isNotNull();
        assertThat(book.take(label("t1", NOW, false, 2, NOW + 2 * HOUR))).isTrue();
        assertThat(book.take(label("t1", NOW, true, 1, NOW + HOUR))).as("late").isFalse();
        assertThat(history("m").fraudTotal()).isZero();
        assertThat(history("m").knownTotal()).isEqualTo(1);
        assertThat(book.table().account("a", NOW + HOUR)).isNull();
    }

    @Test
    void merchantsBeyondTheBoundAreLeftOutAndSaidSo() {
        RiskBook small = new RiskBook(MATURITY, 2);
        MerchantCounts counts = new MerchantCounts();
        List.of("c", "a", "b", "a").forEach(merchant -> counts.add(merchant, NOW));
        assertThat(small.take(counts)).isEqualTo(1);
        assertThat(small.table().at("b", NOW)).isNotNull();
        assertThat(small.table().at("c", NOW)).isNull();
    }

    @Test
    void theBytesOfATableAreTheseForEver() {
        transactions("m", NOW, NOW + 3 * HOUR);
        book.take(label("t1", NOW, true, 1, NOW + DAY));
        book.take(label("t2", NOW + 3 * HOUR, false, 1, NOW + DAY));
        byte[] bytes = RiskTableCodec.encode(book.table());
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(GOLDEN);
        assertThat(HexFormat.of().formatHex(RiskBookCodec.encode(book))).isEqualTo(GOLDEN_BOOK);
    }

    @Test
    void damageIsFound() {
        transactions("m", NOW);
        book.take(label("t1", NOW, true, 1, NOW));
        byte[] table = RiskTableCodec.encode(book.table());
        byte[] kept = RiskBookCodec.encode(book);
        for (int i = 0; i < table.length; i++) {
            table[i] ^= 0x10;
            assertThatThrownBy(() -> RiskTableCodec.decode(table)).isInstanceOf(IllegalArgumentException.class);
            table[i] ^= 0x10;
        }
        kept[kept.length / 2] ^= 1;
        assertThatThrownBy(() -> RiskBookCodec.decode(kept, MATURITY, 10)).hasMessageContaining("damaged");
        assertThatThrownBy(() -> MerchantCounts.decode(new byte[3])).hasMessageContaining("damaged");
    }

    private static final String GOLDEN = "01020101016d81aec2d7ca6404070108011702210281f0ce9fcb640306021902220281f0ce"
            + "9fcb640306011901220181f0ce9fcb640306011901220102010000000081809ccdca6481aec2d7ca640101610081f0ce9fcb640306"
            + "011901220181f0ce9fcb640306011901220181f0ce9fcb64030601190122010101010181809ccdca640081809ccdca64003fa176e5";
    private static final String GOLDEN_BOOK =
            "010002016102743103016d80809ccdca6401780180f0ce9fcb64016102743202016d80aec2d7ca64"
                    + "01780180f0ce9fcb640181aec2d7ca6401016d00000280a61d0100020180dddb011703e13d";

    private void transactions(String merchant, long... timesMs) {
        MerchantCounts counts = new MerchantCounts();
        for (long timeMs : timesMs) {
            counts.add(merchant, timeMs);
        }
        book.take(counts);
    }

    private static Label label(String id, long eventMs, boolean fraud, int version, long knownMs) {
        return new Label(id, "a", "m", eventMs, fraud, "x", version, knownMs);
    }

    private MerchantHistory history(String merchant) {
        return Objects.requireNonNull(book.table().at(merchant, NOW + 10 * DAY));
    }
}
