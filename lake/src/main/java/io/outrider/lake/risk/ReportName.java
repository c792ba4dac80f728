package io.outrider.lake.risk;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which records a partition's report counts.
 *
 * @param generation incarnation of the topic
 * @param barrier the barrier that closed behind them; over all epochs
 * @param epoch of the run that wrote the report
 * @param fromOffset the first of them
 * @param nextOffset the first behind them
 */
public record ReportName(String generation, int partition, long barrier, long epoch, long fromOffset, long nextOffset) {

    private static final Pattern NAME = Pattern.compile("([^/]+)/(\\d+)/(\\d+)-(\\d+)-(\\d+)-(\\d+)\\.counts");

    /** Behind the folder of all reports; those of a partition sort by barrier. */
    String path() {
        return generation + "/" + partition + "/"
                + String.format("%010d-%010d-%d-%d.counts", barrier, epoch, fromOffset, nextOffset);
    }

    static Optional<ReportName> parse(String path) {
        Matcher name = NAME.matcher(path);
        return name.matches()
                ? Optional.of(new ReportName(
                        name.group(1),
                        Integer.parseInt(name.group(2)),
                        Long.parseLong(name.group(3)),
                        Long.parseLong(name.group(4)),
                        Long.parseLong(name.group(5)),
                        Long.parseLong(name.group(6))))
                : Optional.empty();
    }
}
