package io.outrider.detection.webhook;

import static io.outrider.detection.webhook.WebhookFixture.alert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.outrider.core.alert.AlertCodec;
import io.outrider.core.alert.Severity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which alerts are sent, and from where on. */
class WebhookStreamTest {

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
    void whatIsSentIsNotSentAgainAfterARestartNorWhenTheTopicRepeatsIt() throws Exception {
        hooks.start(Severity.LOW, Duration.ZERO).close();
        hooks.append(alert(0, "a", Severity.HIGH));
        WebhookStream first = hooks.start(Severity.LOW, Duration.ZERO);
        await().until(() -> hooks.metrics.webhooks.sum() == 1 && hooks.state().contains("\"g/0\":1"));
        first.close();
        hooks.append(alert(0, "a", Severity.HIGH));
        hooks.append(alert(1, "a", Severity.HIGH));
        hooks.start(Severity.LOW, Duration.ZERO);

        await().until(() -> hooks.metrics.webhooks.sum() == 2);
        assertThat(hooks.receiver.ids()).containsExactly("g-0-0", "g-0-1");
    }

    @Test
    void alertsOfAPartitionThatWasAddedAndOfATopicThatWasMadeAnewAreSentFromTheFirst() throws Exception {
        hooks.start(Severity.LOW, Duration.ZERO).close();
        hooks.partitions = 2;
        hooks.topic.add(
                new ConsumerRecord<>("alerts", 1, 0, new byte[0], AlertCodec.encode(alert(1, "a", Severity.HIGH))));
        WebhookStream first = hooks.start(Severity.LOW, Duration.ZERO);
        await().until(() -> hooks.metrics.webhooks.sum() == 1);
        first.close();
        hooks.generation = "h";
        hooks.topic.clear();
        hooks.append(alert(2, "a", Severity.HIGH));
        hooks.start(Severity.LOW, Duration.ZERO);
        await().until(() -> hooks.metrics.webhooks.sum() == 2);
        assertThat(hooks.receiver.ids()).containsExactly("g-0-1", "g-0-2");
    }

    @Test
    void howFarItIsIsSavedOnceInAWhileAndAtTheEndAndNoAccountsAreKeptWithoutAQuietPeriod() throws Exception {
        hooks.start(Severity.LOW, Duration.ZERO).close();
        for (int minute = 0; minute < 250; minute++) {
            hooks.append(alert(minute, "a" + minute, Severity.HIGH));
        }
        hooks.saves.set(0);
        WebhookStream stream = hooks.start(Severity.LOW, Duration.ZERO);
        await().atMost(Duration.ofSeconds(60)).until(() -> hooks.metrics.webhooks.sum() == 250);
        stream.close();
        assertThat(hooks.saves.get()).isLessThan(100);
        assertThat(hooks.state()).contains("\"g/0\":250", "\"lastSentMs\":{}");
    }

    @Test
    void alertsOfAPartitionThatIsAddedWhileItRunsAreSent() throws Exception {
        hooks.start(Severity.LOW, Duration.ZERO);
        MockConsumer<byte[], byte[]> before = hooks.opened.element();
        hooks.topic.add(
                new ConsumerRecord<>("alerts", 1, 0, new byte[0], AlertCodec.encode(alert(1, "a", Severity.HIGH))));
        hooks.partitions = 2;
        before.updatePartitions("alerts", hooks.consumer().partitionsFor("alerts"));
        await().until(() -> hooks.metrics.webhooks.sum() == 1);
        assertThat(hooks.receiver.ids()).containsExactly("g-0-1");
    }

    @Test
    void onlyWhatIsGraveEnoughIsSentAndAnAccountOnceInItsQuietPeriod() throws Exception {
        hooks.start(Severity.HIGH, Duration.ofMinutes(10)).close();
        hooks.append(alert(0, "a", Severity.HIGH));
        hooks.append(alert(1, "a", Severity.CRITICAL)); // one minute later
        hooks.append(alert(2, "b", Severity.MEDIUM));
        hooks.append(alert(3, "b", Severity.HIGH));
        hooks.append(alert(20, "a", Severity.HIGH));
        hooks.start(Severity.HIGH, Duration.ofMinutes(10));

        await().until(() -> hooks.metrics.webhooks.sum() == 3);
        assertThat(hooks.receiver.ids()).containsExactly("g-0-0", "g-0-3", "g-0-20");
    }
}
