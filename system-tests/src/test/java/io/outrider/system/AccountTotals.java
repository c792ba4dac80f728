package io.outrider.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Events and amounts per account, as a cluster tells them and as SQL over the input finds them. */
final class AccountTotals {

    /** One account's. */
    record Total(long events, BigDecimal amount) {}

    private AccountTotals() {}

    /** @param accounts as the API lists them */
    static Map<String, Total> told(List<JsonNode> accounts) {
        Map<String, Total> totals = new TreeMap<>();
        for (JsonNode account : accounts) {
            // The API's number is a double; the input has cents.
            BigDecimal amount = account.get("amountTotal").decimalValue().setScale(2, RoundingMode.HALF_EVEN);
            totals.put(
                    account.get("account").asText(),
                    new Total(account.get("events").asLong(), amount));
        }
        return totals;
    }

    /** @param table the input as DuckDB reads it, with columns {@code user_id} and {@code amount} */
    static Map<String, Total> bySql(String table) throws SQLException {
        Map<String, Total> totals = new TreeMap<>();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT user_id, count(*), sum(amount::DECIMAL(18, 2)) FROM " + table + " GROUP BY 1")) {
            while (rows.next()) {
                totals.put(rows.getString(1), new Total(rows.getLong(2), rows.getBigDecimal(3)));
            }
        }
        return totals;
    }
}
