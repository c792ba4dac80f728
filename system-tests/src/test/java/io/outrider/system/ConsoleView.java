package io.outrider.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A view of the console that is looked at.
 *
 * @param address its fragment
 * @param shows a selector of what is there once it has data
 */
record ConsoleView(String name, String address, String shows) {

    /** All of them, with an alert to look at. */
    static List<ConsoleView> all(JsonNode alert) {
        String id = encoded(alert.get("id").asText());
        String account = encoded(alert.get("account").asText());
        return List.of(
                new ConsoleView("live", "live", "ol.alerts a.row"),
                new ConsoleView("alert", "alerts/" + id, ".panel .card canvas"),
                new ConsoleView("alerts", "alerts", "ol.alerts a.row"),
                new ConsoleView("review", "review", "ol.alerts a.row"),
                new ConsoleView("accounts", "accounts", "tbody tr"),
                new ConsoleView("account", "accounts/" + account, ".card canvas"),
                new ConsoleView("explore", "explore", ".card canvas"),
                new ConsoleView("models", "models", ".facts, .tile"),
                new ConsoleView("models-backtest", "models?backtest=backtest-1", ".nested .facts"),
                new ConsoleView("monitoring", "monitoring", ".card canvas"),
                new ConsoleView("try", "try?user_id=" + account + "&amount=4999", ".panel .bars"));
    }

    /** A name as a part of an address. */
    static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
