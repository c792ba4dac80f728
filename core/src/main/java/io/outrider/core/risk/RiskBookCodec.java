package io.outrider.core.risk;

import io.outrider.core.encoding.StateReader;
import io.outrider.core.encoding.StateWriter;
import io.outrider.core.event.Label;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@link RiskBook} to bytes and back; equal books give equal bytes.
 *
 * <p>Format 1, in the encodings of {@link StateWriter}: the byte 1; positions as their number and, in the order of their
 * sources, source and unsigned position; labels as their number and, by account and transaction id, those two, a byte (1
 * for fraud, plus 2 with a merchant), the merchant if there is one, event time (signed), who says so, version (unsigned) and
 * since when it is known (signed); the counts as {@link MerchantCounts} writes them; {@link Checksum}.
 */
public final class RiskBookCodec {

    private static final int FORMAT = 1;
    private static final int MAX_TEXT_BYTES = 1024;
    private static final int FRAUD = 1;
    private static final int WITH_MERCHANT = 2;

    private RiskBookCodec() {}

    public static byte[] encode(RiskBook book) {
        StateWriter out = new StateWriter();
        out.byteValue(FORMAT);
        out.unsigned(book.positions().size());
        new TreeMap<>(book.positions()).forEach((source, next) -> {
            out.text(source);
            out.unsigned(next);
        });
        List<Label> labels = book.labels().values().stream()
                .sorted(Comparator.comparing(Label::account).thenComparing(Label::transactionId))
                .toList();
        out.unsigned(labels.size());
        labels.forEach(label -> write(out, label));
        book.counts().write(out);
        return Checksum.append(out.toBytes());
    }

    /** Reads a book, to go on with these settings; IllegalArgumentException if the bytes are damaged or of another format. */
    public static RiskBook decode(byte[] bytes, Duration maturity, int maxMerchants) {
        StateReader in = new StateReader(Checksum.verified(bytes));
        int format = in.byteValue();
        if (format != FORMAT) {
            throw new IllegalArgumentException(
                    "risk book of format " + format + ", this program reads format " + FORMAT);
        }
        Map<String, Long> positions = new TreeMap<>();
        for (int left = in.unsigned(Integer.MAX_VALUE); left > 0; left--) {
            String source = in.text(MAX_TEXT_BYTES);
            positions.put(source, in.unsigned());
        }
        Map<RiskBook.Subject, Label> labels = new HashMap<>();
        for (int left = in.unsigned(Integer.MAX_VALUE); left > 0; left--) {
            Label label = read(in);
            labels.put(RiskBook.Subject.of(label), label);
        }
        MerchantCounts counts = MerchantCounts.read(in);
        in.end();
        return new RiskBook(maturity, maxMerchants, labels, counts, positions);
    }

    private static void write(StateWriter out, Label label) {
        out.text(label.account());
        out.text(label.transactionId());
        out.byteValue((label.fraud() ? FRAUD : 0) + (label.merchant() == null ? 0 : WITH_MERCHANT));
        if (label.merchant() != null) {
            out.text(label.merchant());
        }
        out.signed(label.eventTimeMs());
        out.text(label.by());
        out.unsigned(label.version());
        out.signed(label.knownSinceMs());
    }

    private static Label read(StateReader in) {
        String account = in.text(MAX_TEXT_BYTES);
        String transactionId = in.text(MAX_TEXT_BYTES);
        int flags = in.byteValue();
        String merchant = (flags & WITH_MERCHANT) == 0 ? null : in.text(MAX_TEXT_BYTES);
        long eventTimeMs = in.signed();
        String by = in.text(MAX_TEXT_BYTES);
        int version = in.unsigned(Integer.MAX_VALUE);
        return new Label(transactionId, account, merchant, eventTimeMs, (flags & FRAUD) != 0, by, version, in.signed());
    }
}
