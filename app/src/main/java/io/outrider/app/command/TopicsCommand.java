package io.outrider.app.command;

import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.StreamCheck;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code outrider topics}. */
@Command(name = "topics", mixinStandardHelpOptions = true, description = "Creates the topics, or checks them.")
public final class TopicsCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: create or check.");
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = {
                "Looks whether a node could use the stream, and says what is wrong where it could not: network, login,"
                        + " rights, a topic that is missing, a number of partitions."
            })
    int check(@Mixin Connection connection) {
        KafkaSettings kafka = connection.kafka();
        try (Topics topics = StreamCheck.open(kafka)) {
            TopicInfo transactions = new StreamCheck(kafka, topics).transactions(true);
            spec.commandLine()
                    .getOut()
                    .println(kafka.bootstrapServers() + ": " + transactions.name() + " with "
                            + transactions.partitions() + " partitions, and the topics beside it");
            return 0;
        } catch (IOException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Creates those topics that are missing; existing ones stay as they are.")
    int create(@Mixin Connection connection) {
        try (Topics topics = new Topics(connection.kafka())) {
            List<String> created = topics.createMissing();
            spec.commandLine()
                    .getOut()
                    .println(created.isEmpty() ? "all topics exist" : "created " + String.join(", ", created));
            return 0;
        } catch (IOException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }
}
