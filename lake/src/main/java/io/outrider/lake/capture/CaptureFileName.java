package io.outrider.lake.capture;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which file of which partition: the path that Capture gives it by default, {@code
 * {Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}.avro}, numbers padded with zeros. The
 * names of one partition sort as its files' times do.
 *
 * @param time UTC, whole seconds
 */
public record CaptureFileName(String namespace, String hub, int partition, Instant time) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu/MM/dd/HH/mm/ss", Locale.ROOT);
    private static final Pattern PATH =
            Pattern.compile("(?:.*/)?([^/]+)/([^/]+)/(\\d{1,9})/(\\d{4}/\\d{2}/\\d{2}/\\d{2}/\\d{2}/\\d{2})\\.avro");

    /** The path. */
    public String path() {
        return folder(namespace, hub, partition) + TIME.format(LocalDateTime.ofInstant(time, ZoneOffset.UTC)) + ".avro";
    }

    /** What all paths of a partition begin with, slash included. */
    public static String folder(String namespace, String hub, int partition) {
        return namespace + "/" + hub + "/" + partition + "/";
    }

    /** Reads a path; what stands before the namespace (a container, a folder) is passed over. Empty if it is none. */
    public static Optional<CaptureFileName> parse(String path) {
        Matcher parts = PATH.matcher(path);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            Instant time = LocalDateTime.parse(parts.group(4), TIME).toInstant(ZoneOffset.UTC);
            return Optional.of(
                    new CaptureFileName(parts.group(1), parts.group(2), Integer.parseInt(parts.group(3)), time));
        } catch (DateTimeException e) {
            return Optional.empty(); // a 25th hour
        }
    }
}
