package io.outrider.core.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.outrider.core.event.Transaction;
import io.outrider.core.risk.MerchantRisk;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanReaderTest {

    @ParameterizedTest
    @CsvSource({
        "features.0.kind=telepathy, kind",
        "features.0.name=log_amount, name",
        "features.0.window=day, window",
        "windows.0.bucket=7m, bucket",
        "memory.amounts=0, amounts",
        "memory.elephants=1, elephants",
        "prior.floor=0, floor",
        "schema.id=null, id",
        "surge.threshold=-1, threshold",
        "words.decimals=7, decimals",
        "words.colour=red, colour",
    })
    void aMistakeInAPlanIsNamed(String change, String key) {
        assertThatThrownBy(() -> changed(change))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key);
    }

    @ParameterizedTest
    @CsvSource({
        "prior.center=NaN, must be finite",
        "prior.center=Infinity, must be finite",
        "prior.spread=-1, must be above 0 and finite",
        "prior.events=NaN, must be above 0 and finite",
        "surge.relative-floor=0, must be above 0 and finite",
        "memory.amounts=1.5, must be a whole number between 1 and 4096",
        "words.decimals=0.5, must be a whole number between 0 and 6",
        "schema.max-ahead=-1s, must not be negative",
        "device_switches.number=0.5, must be a whole number between 1 and 64",
        "device_switches.number=0, must be a whole number between 1 and 64",
        "device_switches.number=65, must be a whole number between 1 and 64",
        "night.number=-1, must be a whole number between 0 and 23",
        "night.number=24, must be a whole number between 0 and 23",
        "night.number=6.5, must be a whole number between 0 and 23",
        "merchant_risk_1d.number=0, must be above 0 and finite",
        "merchant_risk_1d.days=2, 'must be 1, 7 or 30'",
        "amount_relative_z.shrunk=true, changes nothing for the kind relative-z",
        "log_amount.shrunk=true, changes nothing for the kind log-amount",
        "distinct_merchants_24h.current=true, changes nothing for the kind distinct-merchants",
    })
    void aValueThatMakesAFeatureMeaninglessIsRefusedWithItsKey(String change, String why) {
        String key = change.substring(change.indexOf('.') + 1, change.indexOf('='));
        String value = change.replaceAll(".*=", "");
        assertThatThrownBy(() -> changed(change))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("Invalid value at '" + key + "': " + value + ", " + why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "night.number=0",
                "night.number=23",
                "device_switches.number=1",
                "device_switches.number=64",
                "amount_z.shrunk=true",
                "amount_robust_z.shrunk=true",
                "amount_to_mean.shrunk=true",
                "amount_to_median.shrunk=true",
                "amount_to_max.shrunk=true",
                "count_1h.current=false",
                "hour.shrunk=false",
                "schema.max-ahead=0s",
                "prior.center=-5",
            })
    void aValueAtTheEdgeOfItsRangeIsTaken(String change) {
        assertThat(changed(change).fingerprint()).matches("[0-9a-f]{32}");
    }

    @Test
    void aNightUntilZeroIsItsFirstHour() {
        FeaturePlan plan = changed("night.number=0");
        int night = plan.features().stream().map(Feature::name).toList().indexOf("night");
        double[] vector = new double[plan.size()];
        FeatureState account = plan.newState();
        plan.apply(account, event("2026-03-01T00:59:59Z"), MerchantRisk.NONE, vector);
        assertThat(vector[night]).isEqualTo(1);
        plan.apply(account, event("2026-03-01T01:00:00Z"), MerchantRisk.NONE, vector);
        assertThat(vector[night]).isZero();
    }

    private static Transaction event(String time) {
        long timeMs = Instant.parse(time).toEpochMilli();
        return new Transaction(time, "account", 10, timeMs, null, null, null, null, null);
    }

    /**
     * The default plan with one value changed.
     *
     * @param change {@code PATH=VALUE}; the path may begin with a feature's name, or with a list and an index
     */
    private static FeaturePlan changed(String change) {
        Config plan = ConfigFactory.parseResources("plans/transactions.conf").resolve();
        String[] parts = change.split("=", -1);
        String[] path = parts[0].split("\\.", -1);
        if (path.length == 3) {
            return changed(plan, path[0], Integer.parseInt(path[1]), path[2], parts[1]);
        }
        int feature = plan.getConfigList("features").stream()
                .map(each -> each.getString("name"))
                .toList()
                .indexOf(path[0]);
        return feature >= 0
                ? changed(plan, "features", feature, path[1], parts[1])
                : FeaturePlan.compile(ConfigFactory.parseString(change).withFallback(plan));
    }

    private static FeaturePlan changed(Config plan, String list, int index, String key, String value) {
        var items = new ArrayList<Object>(plan.getList(list).unwrapped());
        var item = new HashMap<String, Object>(
                plan.getConfigList(list).get(index).root().unwrapped());
        item.put(key, value);
        items.set(index, item);
        return FeaturePlan.compile(plan.withValue(list, ConfigValueFactory.fromIterable(items)));
    }
}
