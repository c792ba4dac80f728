package io.outrider.detection.webhook;

import static io.outrider.detection.webhook.WebhookFixture.alert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.outrider.core.alert.Severity;
import io.outrider.core.erasure.ErasureRequest;
import io.outrider.core.event.LogPosition;
import io.outrider.lake.erasure.ErasureFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a webhook has of an account that is erased. */
class WebhookErasureTest {

    @TempDir
    Path folder;

    private WebhookFixture hooks;

    @BeforeEach
    void open() throws IOException {
        hooks = new WebhookFixture(folder);
    }

    @AfterEach
    void close() throws Exception {
        hooks.close();
    }

    @Test
    void anErasedAccountsAlertsAreNeitherSentNorKeptAsDeadLettersNorNamedInTheState() throws Exception {
        ErasureFiles erasures = new ErasureFiles(hooks.lake, "transactions");
        hooks.start(Severity.LOW, Duration.ZERO).close();
        hooks.append(alert(0, "account-of-ann", Severity.HIGH));
        hooks.append(alert(1, "account-of-bob", Severity.HIGH));
        hooks.append(alert(2, "account-of-ann", Severity.HIGH));
        LogPosition behindTheFirst = new LogPosition("g", 0, 1);
        erasures.put(new ErasureRequest(
                "e", erasures.hash().of("account-of-ann"), "x", "", behindTheFirst, behindTheFirst, null));
        hooks.start(Severity.LOW, Duration.ofHours(1));

        await().until(() -> hooks.state().contains("\"g/0\":3"));
        assertThat(hooks.receiver.received)
                .extracting(event -> event.get("id").asText())
                .containsExactly("g-0-1", "g-0-2");
        assertThat(hooks.state())
                .doesNotContain("account-of")
                .contains(erasures.hash().of("account-of-bob"));
    }

    @Test
    void anAlertThatIsErasedWhileItIsTriedBecomesNoDeadLetter() throws Exception {
        ErasureFiles erasures = new ErasureFiles(hooks.lake, "transactions");
        hooks.receiver.answers.addAll(
                List.of(WebhookReceiver.HANG, WebhookReceiver.HANG, WebhookReceiver.HANG, WebhookReceiver.HANG));
        hooks.start(Severity.LOW, Duration.ZERO).close();
        hooks.append(alert(0, "a", Severity.HIGH));
        hooks.start(Severity.LOW, Duration.ZERO);
        await().until(() -> !hooks.receiver.received.isEmpty());
        LogPosition behind = new LogPosition("g", 0, 1);
        erasures.put(new ErasureRequest("e", erasures.hash().of("a"), "x", "", behind, behind, null));

        await().until(() ->
                hooks.metrics.webhookDeadLetters.sum() == 1 && hooks.state().contains("\"g/0\":1"));
        assertThat(hooks.lake.list("alerts/transactions/webhooks/cases/dead/")).isEmpty();
    }
}
