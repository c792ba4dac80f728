package io.outrider.app.command;

import io.outrider.training.fold.FoldedAccount;
import io.outrider.training.fold.HistoryFold;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code outrider fold}. */
@Command(
        name = "fold",
        mixinStandardHelpOptions = true,
        description = {
            "Folds histories in one thread: accounts, events, amount totals and a hash of every account's state.",
            "A running system that took the same events has the same state, account by account (stateHash in accounts/{id})."
        })
public final class FoldCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Histories (CSV or NDJSON, gzip or not), in any order.")
    private List<Path> files;

    @Option(names = "--plan", defaultValue = "transactions", description = "Feature plan (default: ${DEFAULT-VALUE}).")
    private String plan;

    @Option(
            names = "--accounts",
            paramLabel = "FILE",
            description = "Also write one JSON line per account to this file.")
    private @Nullable Path accounts;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        HistoryFold.Outcome outcome;
        try (Progress bar = Progress.bar("fold")) {
            outcome = HistoryFold.of(files, PlanChoice.named(plan), (step, fraction) -> bar.at(fraction, () -> step));
        }
        if (accounts != null) {
            Files.write(
                    accounts,
                    outcome.accounts().stream().map(FoldedAccount::toJson).toList());
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(outcome.toJson());
        } else {
            out.printf(Locale.ROOT, "accounts      %,d%n", outcome.accounts().size());
            out.printf(Locale.ROOT, "events        %,d%n", outcome.events());
            out.printf(Locale.ROOT, "rejected      %,d%n", outcome.rejected());
            out.printf(Locale.ROOT, "amount total  %,.2f%n", outcome.amountTotal());
            out.printf(Locale.ROOT, "state hash    %s%n", outcome.stateHash());
        }
        return 0;
    }
}
