package io.outrider.core.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
import io.outrider.core.alert.Attribution;
import io.outrider.core.event.EventSchema;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.Model;
import io.outrider.core.model.SplitMix;
import io.outrider.core.risk.MerchantRisk;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the decoder lets through is decided, told and kept, however odd: an event that fails would stop its partition. */
final class AnyEventTest {

    private static final int EVENTS = 8_000;
    private static final long NOW_MS = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final double[] AMOUNTS = {
        0,
        -0.0,
        Double.MIN_VALUE,
        1e-300,
        0.005,
        1,
        61.2,
        912.4,
        1e8,
        1L << 53,
        Long.MAX_VALUE,
        1e15,
        1e200,
        1e307,
        Double.MAX_VALUE,
        -1,
        -1e8,
        -Double.MAX_VALUE
    };
    private static final String[] TIMES = {
        "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "1582-10-10T12:00:00Z", "1969-12-31T23:59:59.999Z",
        "1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "2026-03-01T11:59:59.999Z", "2026-03-01T12:59:59Z",
        "9999-12-31T23:59:59Z"
    };
    private static final String[] TEXTS = {
        "", " ", "a", "\u0000", "\ud83d\ude00", "\ud800", "حساب", "x".repeat(10_000), "\"\\\n", "null"
    };

    private final SplitMix random = new SplitMix(20260301);

    @ParameterizedTest
    @ValueSource(strings = {"transactions", "network-access", "sensor"})
    void whateverIsDecodedIsDecidedToldAndKept(String name) throws Exception {
        FeaturePlan plan = FeaturePlan.named(name);
        TransactionDecoder decoder = new TransactionDecoder(plan.schema());
        AccountStateCodec codec = new AccountStateCodec(plan);
        Detector detector = new Detector(plan);
        DetectionContext context = TrainedStream.context(model(plan, decoder));
        Map<String, AccountState> accounts = new HashMap<>();
        int decided = 0;
        int alerts = 0;
        for (int i = 0; i < EVENTS; i++) {
            byte[] odd = event(plan.schema(), i, true);
            if (decoder.decode(odd, NOW_MS) instanceof Transaction transaction) {
                AccountState state = accounts.computeIfAbsent(transaction.account(), first -> codec.fresh());
                Alert alert = detector.detect(state, transaction, new LogPosition("g", 0, i), context);
                byte[] kept = codec.encode(state);
                AccountState again = codec.decode(kept);
                assertThat(codec.encode(again)).isEqualTo(kept);
                accounts.put(transaction.account(), again);
                decided++;
                alerts += alert == null ? 0 : 1;
                isWhole(alert);
            }
        }
        assertThat(decided).isGreaterThan(EVENTS / 4);
        assertThat(alerts).isGreaterThan(EVENTS / 40);
    }

    private static void isWhole(@Nullable Alert alert) {
        if (alert == null) {
            return;
        }
        assertThat(alert.score()).isBetween(alert.threshold(), 1.0);
        assertThat(alert.reasons()).isNotEmpty().noneMatch(reason -> reason.contains("NaN"));
        double sum = alert.attributions().stream()
                .mapToDouble(Attribution::contribution)
                .sum();
        assertThat(sum).isEqualTo(alert.score() - alert.expectedScore(), within(1e-9));
        byte[] told = AlertCodec.encode(alert);
        assertThat(AlertCodec.encode(AlertCodec.decode(told))).isEqualTo(told);
    }

    private Model model(FeaturePlan plan, TransactionDecoder decoder) throws Exception {
        return TrainedStream.model(plan, vectors(plan, decoder, 0), vectors(plan, decoder, EVENTS));
    }

    private FeatureMatrix vectors(FeaturePlan plan, TransactionDecoder decoder, int from) throws Exception {
        FeatureMatrix rows = new FeatureMatrix(plan.size());
        double[] vector = new double[plan.size()];
        Map<String, AccountState> states = new HashMap<>();
        AccountStateCodec codec = new AccountStateCodec(plan);
        for (int i = from; i < from + EVENTS; i++) {
            if (decoder.decode(event(plan.schema(), i, false), NOW_MS) instanceof Transaction ordinary) {
                AccountState state = states.computeIfAbsent(ordinary.account(), first -> codec.fresh());
                plan.apply(state.features(), ordinary, MerchantRisk.NONE, vector);
                rows.add(vector);
            }
        }
        return rows;
    }

    private byte[] event(EventSchema schema, int number, boolean odd) throws Exception {
        ObjectNode event = JSON.createObjectNode();
        List<String> fields = schema.fields();
        for (String field : fields) {
            boolean strange = odd && random.nextInt(3) == 0;
            if (field.equals(schema.amountField())) {
                event.put(field, strange ? AMOUNTS[random.nextInt(AMOUNTS.length)] : 10 + 90 * random.nextDouble());
            } else if (field.equals(schema.timestampField())) {
                Instant usual = Instant.ofEpochMilli(NOW_MS - 30 * 86_400_000L + number * 100_000L);
                event.put(field, strange ? TIMES[random.nextInt(TIMES.length)] : usual.toString());
            } else if (strange) {
                event.put(field, TEXTS[random.nextInt(TEXTS.length)]);
            } else {
                event.put(field, field.equals(schema.idField()) ? "t" + number : field + random.nextInt(7));
            }
        }
        return JSON.writeValueAsBytes(event);
    }
}
