package io.outrider.training.table;

import io.outrider.core.model.FeatureMatrix;
import io.outrider.lake.files.DamagedFileException;
import io.outrider.lake.files.MaybeGzip;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A CSV file with a header line, plain or gzip: numbers, and one column of labels. An empty cell is missing, as is one that
 * says NaN in any case; a missing number is NaN.
 *
 * @param columns names of the number columns
 * @param rows their values
 * @param labels which rows are anomalous
 * @param unlabelled rows of which nobody says whether they are
 */
record LabelledTable(List<String> columns, FeatureMatrix rows, boolean[] labels, BitSet unlabelled) {

    /** Decimal numbers only: Java reads "5d", "0x1p3" and "Infinity" as numbers too. */
    private static final Pattern NUMBER = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

    private static final int BYTE_ORDER_MARK = 0xFEFF;

    /**
     * Reads a table.
     *
     * @param labelColumn 1 or true marks an anomaly, 0 or false an ordinary row, a missing cell one without label
     * @throws IOException if the file can't be read
     * @throws IllegalArgumentException if it is no such table; the message names line and column
     */
    static LabelledTable read(Path file, String labelColumn) throws IOException {
        return read(file, labelColumn, List.of());
    }

    /**
     * Reads some columns of a table.
     *
     * @param wanted names of the number columns to read, in the order they are to have; empty for all
     */
    static LabelledTable read(Path file, String labelColumn, List<String> wanted) throws IOException {
        try (CSVParser parser = parse(file)) {
            List<String> names = parser.getHeaderNames();
            if (names.isEmpty()) {
                throw new IllegalArgumentException(file + ": the file is empty");
            }
            Set<String> different = new HashSet<>();
            for (String name : names) {
                if (!different.add(name)) {
                    throw new IllegalArgumentException(file + ": two columns have one name: " + name);
                }
            }
            int label = names.indexOf(labelColumn);
            if (label < 0) {
                throw new IllegalArgumentException(
                        file + " has no column " + labelColumn + ", only " + String.join(", ", names));
            }
            List<String> columns = new ArrayList<>(wanted.isEmpty() ? names : wanted);
            if (wanted.isEmpty()) {
                columns.remove(label);
            }
            if (columns.isEmpty()) {
                throw new IllegalArgumentException(file + " has no column but the label");
            }
            int[] places = new int[columns.size()];
            for (int i = 0; i < places.length; i++) {
                places[i] = names.indexOf(columns.get(i));
                if (places[i] < 0) {
                    throw new IllegalArgumentException(
                            file + " has no column " + columns.get(i) + ", only " + String.join(", ", names));
                }
            }
            try {
                return read(parser, columns, places, label, file);
            } catch (UncheckedIOException e) {
                throw new DamagedFileException(file, parser.getCurrentLineNumber(), cause(e));
            }
        }
    }

    private static LabelledTable read(CSVParser parser, List<String> columns, int[] places, int label, Path file) {
        List<String> names = parser.getHeaderNames();
        int width = names.size();
        FeatureMatrix rows = new FeatureMatrix(columns.size());
        BitSet anomalies = new BitSet();
        BitSet unlabelled = new BitSet();
        double[] vector = new double[columns.size()];
        for (CSVRecord row : parser) {
            String where = file + ":" + parser.getCurrentLineNumber();
            if (row.size() != width) {
                throw new IllegalArgumentException(where + ": " + row.size() + " cells, expected " + width);
            }
            for (int i = 0; i < vector.length; i++) {
                vector[i] = number(row.get(places[i]), columns.get(i), where);
            }
            String marked = row.get(label);
            unlabelled.set(rows.rows(), isMissing(marked));
            anomalies.set(rows.rows(), !isMissing(marked) && isAnomaly(marked, names.get(label), where));
            rows.add(vector);
        }
        if (rows.rows() == 0) {
            throw new IllegalArgumentException(file + " has no rows");
        }
        boolean[] labels = new boolean[rows.rows()];
        anomalies.stream().forEach(row -> labels[row] = true);
        return new LabelledTable(List.copyOf(columns), rows, labels, unlabelled);
    }

    private static double number(String cell, String column, String where) {
        if (isMissing(cell)) {
            return Double.NaN;
        }
        if (!NUMBER.matcher(cell).matches()) {
            throw new IllegalArgumentException(where + ": column " + column + " is no number: " + cell);
        }
        double number = Double.parseDouble(cell);
        if (Double.isInfinite(number)) {
            throw new IllegalArgumentException(where + ": column " + column + " is out of range: " + cell);
        }
        return number;
    }

    private static boolean isMissing(String cell) {
        return cell.isEmpty() || cell.equalsIgnoreCase("nan");
    }

    private static boolean isAnomaly(String cell, String column, String where) {
        return switch (cell.toLowerCase(Locale.ROOT)) {
            case "1", "1.0", "true" -> true;
            case "0", "0.0", "false" -> false;
            default ->
                throw new IllegalArgumentException(
                        where + ": column " + column + " is no label, which must be 0 or 1: " + cell);
        };
    }

    /** Reads the header line. */
    private static CSVParser parse(Path file) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .setIgnoreSurroundingSpaces(true)
                .get();
        InputStream raw = Files.newInputStream(file);
        try {
            return CSVParser.parse(text(raw), format);
        } catch (IOException e) {
            raw.close();
            throw new DamagedFileException(file, 0, e);
        } catch (UncheckedIOException e) {
            raw.close();
            throw new DamagedFileException(file, 0, cause(e));
        } catch (IllegalArgumentException e) {
            raw.close();
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static BufferedReader text(InputStream raw) throws IOException {
        return withoutByteOrderMark(
                new BufferedReader(new InputStreamReader(MaybeGzip.unzipped(raw), StandardCharsets.UTF_8)));
    }

    /** commons-csv packs what goes wrong while it iterates. */
    private static IOException cause(UncheckedIOException e) {
        return e.getCause() == null ? new IOException(e.getMessage(), e) : e.getCause();
    }

    private static BufferedReader withoutByteOrderMark(BufferedReader text) throws IOException {
        text.mark(1);
        if (text.read() != BYTE_ORDER_MARK) {
            text.reset();
        }
        return text;
    }
}
