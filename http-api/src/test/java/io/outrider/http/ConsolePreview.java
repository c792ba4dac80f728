package io.outrider.http;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.event.RejectionReason;
import java.time.Clock;
import java.util.Random;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Serves the console over made-up data, to look at it: {@code main [port]}. Ends when its input does. */
final class ConsolePreview {

    private static final int ACCOUNTS = 250;

    private ConsolePreview() {}

    public static void main(String[] args) throws Exception {
        int port = args.length == 0 ? 8080 : Integer.parseInt(args[0]);
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "preview");
        FakeNode node = new FakeNode();
        Clock clock = Clock.systemUTC();
        Random random = new Random(7);
        for (int i = 0; i < ACCOUNTS; i++) {
            node.add(Examples.account("acct-" + (1000 + i), 30, clock.millis() - i * 60_000L));
        }
        node.add(Examples.account("<img src=x onerror=alert(1)> حساب/1", 12, clock.millis()));
        for (int i = 0; i < 40; i++) {
            node.add(Examples.alert(
                    i, "acct-" + (1000 + random.nextInt(ACCOUNTS)), clock.millis() - (40 - i) * 47_000L));
        }
        node.add(Examples.alert(40, "<img src=x onerror=alert(1)> حساب/1", clock.millis()));
        HttpSettings settings = HttpSettings.of(ConfigFactory.load()).withPort(port);
        new HttpApi(system, settings, node.ports(), clock)
                .bind(HttpApi.Surface.EVERYTHING)
                .toCompletableFuture()
                .join();
        var traffic = new Thread(() -> traffic(node, random, clock), "traffic");
        traffic.setDaemon(true);
        traffic.start();
        System.out.println("http://127.0.0.1:" + port);
        while (System.in.read() >= 0) {
            // Until the input ends.
        }
        system.terminate();
    }

    private static void traffic(FakeNode node, Random random, Clock clock) {
        for (int tick = 0; ; tick++) {
            node.metrics.events.add(40 + random.nextInt(20) + (long) (15 * Math.sin(tick / 60.0)));
            for (int i = 0; i < 10; i++) {
                node.metrics.recordDecisionLatency((long) (4 + random.nextGaussian() * random.nextGaussian() * 6));
            }
            if (tick % 30 == 0) {
                node.add(Examples.alert(100 + tick / 30, "acct-" + (1000 + random.nextInt(ACCOUNTS)), clock.millis()));
                node.metrics.recordAlertLatency(12 + random.nextInt(30));
                node.metrics.deadLetters(RejectionReason.NOT_JSON).increment();
                node.metrics.checkpoints.increment();
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
