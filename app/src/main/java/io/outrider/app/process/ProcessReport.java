package io.outrider.app.process;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** What a process for one attempt says, a line of its output each: how far it is, and last how it ended. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "report")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ProcessReport.Progress.class, name = "progress"),
    @JsonSubTypes.Type(value = ProcessReport.Done.class, name = "done"),
    @JsonSubTypes.Type(value = ProcessReport.Failed.class, name = "failed")
})
sealed interface ProcessReport {

    ObjectMapper JSON = new ObjectMapper();

    /** How far it is. */
    record Progress(double fraction, String message, Map<String, Long> counters) implements ProcessReport {}

    /** It has done what was to do. */
    record Done(boolean nothingNew, String summary, Map<String, String> results) implements ProcessReport {}

    /** It has failed; {@code hopeless} if another attempt would, too. */
    record Failed(String message, boolean hopeless) implements ProcessReport {}

    default String line() throws JsonProcessingException {
        return JSON.writerFor(ProcessReport.class).writeValueAsString(this);
    }

    static ProcessReport read(String line) throws JsonProcessingException {
        return JSON.readValue(line, ProcessReport.class);
    }
}
