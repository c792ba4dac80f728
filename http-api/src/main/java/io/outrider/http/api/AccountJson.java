package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.outrider.core.account.AccountView;
import io.outrider.core.account.ScoredTransaction;
import io.outrider.core.alert.Alert;
import io.outrider.core.feature.Spending;
import io.outrider.core.feature.WindowSummary;
import java.io.IOException;
import java.util.List;

/** Accounts as JSON: a summary in lists, everything for one. */
final class AccountJson {

    private AccountJson() {}

    static void summary(JsonGenerator json, AccountView account) throws IOException {
        json.writeStartObject();
        summaryFields(json, account);
        json.writeEndObject();
    }

    static void full(JsonGenerator json, AccountView account, List<Alert> recentAlerts) throws IOException {
        json.writeStartObject();
        summaryFields(json, account);
        json.writeArrayFieldStart("windows");
        for (WindowSummary window : account.windows()) {
            window(json, window);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("spending");
        for (Spending spending : account.spending()) {
            spending(json, spending);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("recentTransactions");
        for (ScoredTransaction transaction : account.recentTransactions()) {
            transaction(json, transaction);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("recentAlerts");
        for (Alert alert : recentAlerts) {
            AlertJson.write(json, alert);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void summaryFields(JsonGenerator json, AccountView account) throws IOException {
        json.writeStringField("account", account.account());
        json.writeNumberField("partition", account.partition());
        json.writeNumberField("events", account.events());
        Json.number(json, "amountTotal", account.amountTotal());
        Json.time(json, "firstEventAt", account.firstEventTimeMs());
        Json.time(json, "lastEventAt", account.lastEventTimeMs());
        Json.number(json, "usualAmount", account.usualAmount());
        json.writeStringField("stateHash", account.stateHash());
    }

    private static void window(JsonGenerator json, WindowSummary window) throws IOException {
        json.writeStartObject();
        json.writeStringField("window", window.window().toString());
        json.writeNumberField("count", window.count());
        Json.number(json, "sum", window.sum());
        Json.number(json, "mean", window.mean());
        json.writeEndObject();
    }

    private static void spending(JsonGenerator json, Spending spending) throws IOException {
        json.writeStartObject();
        json.writeStringField("window", spending.window().toString());
        Json.time(json, "start", spending.startMs());
        Json.time(json, "end", spending.endMs());
        json.writeNumberField("count", spending.count());
        Json.number(json, "sum", spending.sum());
        json.writeEndObject();
    }

    private static void transaction(JsonGenerator json, ScoredTransaction transaction) throws IOException {
        json.writeStartObject();
        json.writeStringField("transactionId", transaction.transactionId());
        Json.time(json, "eventTime", transaction.eventTimeMs());
        Json.number(json, "amount", transaction.amount());
        Json.text(json, "merchant", transaction.merchant());
        Json.number(json, "score", transaction.score());
        Json.text(json, "alertId", transaction.alertId());
        json.writeBooleanField("review", transaction.review());
        json.writeEndObject();
    }
}
