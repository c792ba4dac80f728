package io.outrider.ingestion.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class BrokerWatchTest {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger(BrokerWatch.class);

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private long nowNanos;
    private final BrokerWatch watch = new BrokerWatch("10.0.0.1:9092", Duration.ofSeconds(10), () -> nowNanos);

    @BeforeEach
    void listen() {
        lines.start();
        LOG.setLevel(Level.INFO);
        LOG.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        LOG.detachAppender(lines);
        LOG.setLevel(null);
    }

    @Test
    void aBrokerThatIsSilentForTheLimitIsAwayUntilItAnswersAndEachIsLoggedOnce() {
        failed(4);
        failed(8);
        assertThat(watch.problem()).isEmpty();
        for (int second = 12; second < 60; second += 4) {
            failed(second);
            assertThat(watch.problem()).contains("no broker at 10.0.0.1:9092 has answered for 10 s or more");
        }
        answered(60);
        assertThat(watch.problem()).isEmpty();
        answered(61);
        assertThat(lines.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.INFO);
        assertThat(lines.list.get(1).getFormattedMessage()).endsWith("answers again, after 60 s");
    }

    @Test
    void aBrokerThatAnswersNowAndThenIsNotAway() {
        for (int second = 0; second < 120; second += 8) {
            failed(second + 4);
            answered(second + 8);
            assertThat(watch.problem()).isEmpty();
        }
    }

    @Test
    void aProcessThatWasFrozenItselfWaitsForOneMoreAnswer() {
        answered(1);
        failed(100);
        assertThat(watch.problem()).isEmpty();
        answered(101);
        assertThat(lines.list).isEmpty();
    }

    @Test
    void aBrokerThatRefusesTheQuestionHasAnswered() {
        for (int second = 4; second < 60; second += 4) {
            failed(second, new ClusterAuthorizationException("not for you"));
        }
        assertThat(watch.problem()).isEmpty();
        for (int second = 60; second < 80; second += 4) {
            failed(second, new SaslAuthenticationException("who are you?"));
        }
        assertThat(watch.problem()).isPresent();
    }

    private void failed(int second) {
        failed(second, new TimeoutException("no answer"));
    }

    private void failed(int second, Exception failure) {
        nowNanos = TimeUnit.SECONDS.toNanos(second);
        watch.ended(new CompletionException(failure));
    }

    private void answered(int second) {
        nowNanos = TimeUnit.SECONDS.toNanos(second);
        watch.ended(null);
    }
}
