package io.outrider.app.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.outrider.ingestion.kafka.TopicInfo;
import java.util.Map;

/**
 * What a process for one attempt is to do: the first line of its input.
 *
 * @param requestedAt when the run was asked for, ISO-8601
 * @param disk a folder for this attempt alone
 */
public record ProcessOrder(
        Node node,
        String kind,
        String runId,
        int attempt,
        String requestedAt,
        Map<String, String> parameters,
        String disk) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The node for which it works.
     *
     * @param config the settings, HOCON; with secrets, so neither on a command line nor in a file
     * @param transactions the topic as the node knows it
     */
    public record Node(String config, String plan, String partitioner, TopicInfo transactions) {}

    public ProcessOrder {
        parameters = Map.copyOf(parameters);
    }

    String line() throws JsonProcessingException {
        return JSON.writeValueAsString(this);
    }

    static ProcessOrder read(String line) throws JsonProcessingException {
        return JSON.readValue(line, ProcessOrder.class);
    }
}
