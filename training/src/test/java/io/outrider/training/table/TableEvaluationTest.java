package io.outrider.training.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.ForestSettings;
import io.outrider.lake.model.ReadyForest;
import io.outrider.training.SharedData;
import io.outrider.training.evaluation.Ranking;
import io.outrider.training.fit.Progress;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import smile.anomaly.IsolationForest;
import smile.anomaly.IsolationTree;
import smile.math.MathEx;

class TableEvaluationTest {

    private static TableEvaluation evaluate(Path file) throws IOException {
        return TableEvaluation.run(new TableEvaluation.Request(file, "label", ForestSettings.SMALL, 5), Progress.NONE);
    }

    /** Means and standard deviations of scikit-learn's forest of 100 trees x 256 rows over five seeds. */
    @Tag("data")
    @ParameterizedTest
    @CsvSource({
        "6_cardio, 0.9318, 0.0121, 0.5634, 0.0385",
        "2_annthyroid, 0.8274, 0.0137, 0.3150, 0.0226",
        "28_pendigits, 0.9404, 0.0130, 0.2489, 0.0579",
        "31_satimage-2, 0.9938, 0.0012, 0.9244, 0.0129",
        "5_campaign, 0.7057, 0.0112, 0.2837, 0.0223",
    })
    void findsAsMuchAsScikitLearn(String set, double auc, double aucSd, double precision, double precisionSd)
            throws IOException {
        TableEvaluation result = evaluate(SharedData.table(set));
        assertThat(result.auc().mean()).isGreaterThanOrEqualTo(auc - aucSd);
        assertThat(result.averagePrecision().mean()).isGreaterThanOrEqualTo(precision - precisionSd);
    }

    @Tag("data")
    @ParameterizedTest
    @CsvSource({
        "6_cardio, 0.015",
        "2_annthyroid, 0.015",
        "28_pendigits, 0.015",
        "31_satimage-2, 0.005",
        "5_campaign, 0.03",
    })
    void agreesWithSmilesForest(String set, double most) throws IOException {
        LabelledTable table = LabelledTable.read(SharedData.table(set), "label");
        double[][] rows = new double[table.labels().length][table.columns().size()];
        for (int row = 0; row < rows.length; row++) {
            table.rows().copyRow(row, rows[row]);
        }
        double smiles = IntStream.range(0, 5)
                .mapToDouble(seed -> Ranking.of(smilesForest(rows, seed).score(rows), table.labels())
                        .auc())
                .average()
                .orElseThrow();
        assertThat(evaluate(SharedData.table(set)).auc().mean()).isCloseTo(smiles, within(most));
    }

    /** Smile's trees, each on rows drawn here: its own forest gives every tree all rows, whatever share it is asked for. */
    private static IsolationForest smilesForest(double[][] rows, long seed) {
        MathEx.setSeed(seed);
        Random random = new Random(seed);
        List<double[]> shuffled = new ArrayList<>(List.of(rows));
        IsolationTree[] trees = new IsolationTree[100];
        for (int tree = 0; tree < trees.length; tree++) {
            Collections.shuffle(shuffled, random);
            trees[tree] = new IsolationTree(shuffled.subList(0, 256), 8, 0);
        }
        return new IsolationForest(256, 0, trees);
    }

    @Test
    void readsLabelsAndMissingNumbersAndFindsTheOddOne(@TempDir Path directory) throws IOException {
        StringBuilder csv = new StringBuilder("label,x,y\n");
        for (int i = 0; i < 200; i++) {
            csv.append("0,")
                    .append(i % 14)
                    .append(',')
                    .append(i % 7 == 0 ? "" : i % 15)
                    .append('\n');
        }
        Path file = Files.writeString(directory.resolve("t.csv"), csv + "1,400,-90\n");
        TableEvaluation result = evaluate(file);
        assertThat(result.rows()).isEqualTo(201);
        assertThat(result.anomalies()).isEqualTo(1);
        assertThat(result.unlabelled()).isZero();
        assertThat(result.auc()).isEqualTo(new TableEvaluation.Spread(1, 0));
        assertThat(result.toJson()).contains("\"auc\"", "\"averagePrecision\"", "\"mean\" : 1.0", "\"sd\" : 0.0");
    }

    @Test
    void rowsWithoutLabelAreFittedOnButNotMeasured(@TempDir Path directory) throws IOException {
        StringBuilder csv = new StringBuilder("x,y,label\n");
        for (int i = 0; i < 200; i++) {
            csv.append(i % 14).append(',').append(i % 15).append(",0\n");
        }
        String labelled = csv + "400,-90,1\n";
        TableEvaluation result =
                evaluate(Files.writeString(directory.resolve("some.csv"), labelled + "900,-300,\n901,-301, \n"));
        assertThat(result.rows()).isEqualTo(201);
        assertThat(result.anomalies()).isEqualTo(1);
        assertThat(result.unlabelled()).isEqualTo(2);
        assertThat(result.auc())
                .as("taken for ordinary, the two outliers would lie above the anomaly")
                .isEqualTo(new TableEvaluation.Spread(1, 0));
        assertThat(result.toJson()).contains("\"unlabelled\" : 2");
        Path none = Files.writeString(directory.resolve("none.csv"), "x,label\n1,\n2,\n");
        assertThatThrownBy(() -> evaluate(none))
                .hasMessageEndingWith("none.csv: no row has a label: there is nothing to measure");
        Path one = Files.writeString(directory.resolve("one.csv"), "x,label\n1,\n2,0\n3,0\n");
        assertThatThrownBy(() -> evaluate(one)).hasMessageContaining("one.csv: 0 of 2 labelled rows are anomalous");
    }

    @Test
    void namesTheCellThatIsNoNumber(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("t.csv"), "x,label\n1,0\nblue,1\n");
        assertThatThrownBy(() -> evaluate(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("t.csv:3: column x is no number: blue");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5d", "0x1p3", "Infinity", "-Infinity", "1f", "1e", ".", "1,5"})
    void onlyDecimalNumbersAreNumbers(String cell, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("t.csv"), "x,label\n1,0\n\"" + cell + "\",1\n");
        assertThatThrownBy(() -> evaluate(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("t.csv:3: column x is no number: " + cell);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "NaN", "nan"})
    void aMissingCellIsWrittenInSeveralWays(String cell, @TempDir Path directory) throws IOException {
        Path file =
                Files.writeString(directory.resolve("t.csv"), "x,y,label\n1,2,0\n" + cell + ",3,1\n4,5," + cell + "\n");
        LabelledTable table = LabelledTable.read(file, "label");
        assertThat(table.rows().value(1, 0)).isNaN();
        assertThat(table.unlabelled().stream()).containsExactly(2);
    }

    @Test
    void decimalNumbersAreReadHoweverTheyAreWritten(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("t.csv"), "x,label\n+1.,0\n-.5e-3,0\n2E4,0\n,1\n");
        FeatureMatrix rows = LabelledTable.read(file, "label").rows();
        assertThat(List.of(rows.value(0, 0), rows.value(1, 0), rows.value(2, 0), rows.value(3, 0)))
                .containsExactly(1.0, -0.5e-3, 2e4, Double.NaN);
        Path large = Files.writeString(directory.resolve("large.csv"), "x,label\n1e999,0\n");
        assertThatThrownBy(() -> evaluate(large)).hasMessageEndingWith("large.csv:2: column x is out of range: 1e999");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstColumnsName(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("t.csv"), "\uFEFFlabel,x\n1,9\n0,1\n0,2\n");
        LabelledTable table = LabelledTable.read(file, "label");
        assertThat(table.columns()).containsExactly("x");
        assertThat(table.labels()).containsExactly(true, false, false);
    }

    @Test
    void namesTheColumnOfABadLabel(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("t.csv"), "x,label\n1,0\n2,maybe\n");
        assertThatThrownBy(() -> evaluate(file))
                .hasMessageEndingWith("t.csv:3: column label is no label, which must be 0 or 1: maybe");
    }

    @Test
    void namesTheColumnsThatThereAre(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("t.csv"), "x,y\n1,0\n");
        assertThatThrownBy(() -> evaluate(file)).hasMessageContaining("no column label, only x, y");
    }

    @Test
    void refusesATableOfOneKind(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("t.csv"), "x,label\n1,0\n2,0\n");
        assertThatThrownBy(() -> evaluate(file)).hasMessageContaining("nothing to tell apart");
    }

    /** The forest and the table are those that scikit-learn made for lake's tests; its last twenty rows are strange. */
    @Test
    void aReadyForestIsJudgedOnTheColumnsItNames(@TempDir Path directory) throws IOException, URISyntaxException {
        Path forest = resource("/model/sklearn-isolation-forest.onnx");
        List<String> lines = Files.readAllLines(resource("/model/sklearn-isolation-forest.csv"));
        StringBuilder csv = new StringBuilder("name,f3,f1,f2,f0,label\n");
        for (int row = 1; row < lines.size(); row++) {
            List<String> f = List.of(lines.get(row).split(",", -1));
            csv.append(String.join(",", "row" + row, f.get(3), f.get(1), f.get(2), f.get(0), row > 40 ? "1" : "0"))
                    .append('\n');
        }
        Path table = Files.writeString(directory.resolve("table.csv"), csv);
        TableEvaluation result = TableEvaluation.of(ReadyForest.read(forest, List.of()), table, "label");
        assertThat(result.rows()).isEqualTo(60);
        assertThat(result.anomalies()).isEqualTo(20);
        assertThat(result.auc()).isEqualTo(new TableEvaluation.Spread(1, 0));
        ReadyForest others = ReadyForest.read(forest, List.of("f0", "f1", "f2", "f9"));
        assertThatThrownBy(() -> TableEvaluation.of(others, table, "label"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("table.csv has no column f9");
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(TableEvaluationTest.class.getResource(name), name)
                .toURI());
    }
}
