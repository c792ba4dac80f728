package io.outrider.app.command;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a command tells at its end what it did: a sentence, or with {@code --json} one JSON object on one line. */
final class Summary {

    private static final JsonMapper JSON = new JsonMapper();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--json", description = "Print the final summary as JSON.")
    private boolean json;

    void print(String sentence, Consumer<ObjectNode> fields) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode object = JSON.createObjectNode();
            fields.accept(object);
            out.println(object);
        } else {
            out.println(sentence);
        }
        out.flush();
    }
}
