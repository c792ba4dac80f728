package io.outrider.training.evaluation;

import java.util.Locale;

/** The plots of a report, each a figure with inline SVG. */
final class EvaluationPlots {

    /** Sides of the plotting area, in SVG units. */
    private static final int SIZE = 300;

    private static final int BARS = 60;

    private EvaluationPlots() {}

    static String roc(EvaluationResult result) {
        Ranking ranking = result.ranking();
        StringBuilder path = new StringBuilder("M0 ").append(SIZE);
        Path line = new Path(path);
        for (int i = 0; i < ranking.size(); i++) {
            line.to(
                    ranking.falseAlarms(i) / (double) Math.max(1, ranking.ordinary()),
                    ranking.hits(i) / (double) Math.max(1, ranking.anomalies()));
        }
        line.end();
        double alarms = falseAlarmRate(result);
        return figure(
                "ROC",
                "share of genuine that alert",
                "share of frauds that alert",
                "<line class=\"chance\" x1=\"0\" y1=\"" + SIZE + "\" x2=\"" + SIZE + "\" y2=\"0\"/>"
                        + "<path class=\"curve\" d=\"" + path + "\"/>"
                        + point(alarms, result.atThreshold().recall()));
    }

    static String precisionRecall(EvaluationResult result) {
        Ranking ranking = result.ranking();
        StringBuilder path = new StringBuilder();
        Path line = new Path(path);
        for (int i = 0; i < ranking.size(); i++) {
            line.to(
                    ranking.hits(i) / (double) Math.max(1, ranking.anomalies()),
                    ranking.hits(i) / (double) (ranking.hits(i) + ranking.falseAlarms(i)));
        }
        line.end();
        return figure(
                "Precision and recall",
                "recall",
                "precision",
                "<path class=\"curve\" d=\"" + path + "\"/>"
                        + point(
                                result.atThreshold().recall(),
                                result.atThreshold().precision()));
    }

    /** Raw scores in equal bins, logarithmic heights: frauds before genuine ones. */
    static String histogram(EvaluationResult result) {
        Ranking ranking = result.ranking();
        double low = ranking.threshold(ranking.size() - 1);
        double width = Math.max((ranking.threshold(0) - low) / BARS, Double.MIN_NORMAL);
        int[] frauds = new int[BARS];
        int[] genuine = new int[BARS];
        for (int i = 0; i < ranking.size(); i++) {
            int bar = (int) Math.min(BARS - 1, (ranking.threshold(i) - low) / width);
            frauds[bar] += ranking.hits(i) - (i == 0 ? 0 : ranking.hits(i - 1));
            genuine[bar] += ranking.falseAlarms(i) - (i == 0 ? 0 : ranking.falseAlarms(i - 1));
        }
        int most = 1;
        for (int bar = 0; bar < BARS; bar++) {
            most = Math.max(most, Math.max(frauds[bar], genuine[bar]));
        }
        StringBuilder bars = new StringBuilder();
        for (int bar = 0; bar < BARS; bar++) {
            bars.append(bar(bar, genuine[bar], most, "ordinary")).append(bar(bar, frauds[bar], most, "anomalous"));
        }
        double cut = (result.model().manifest().policy().rawThreshold() - low) / width / BARS * SIZE;
        if (cut >= 0 && cut <= SIZE) {
            bars.append(format("<line class=\"cut\" x1=\"%.1f\" y1=\"0\" x2=\"%.1f\" y2=\"%d\"/>", cut, cut, SIZE));
        }
        return figure(
                "Scores (orange: frauds; line: threshold)",
                format("raw score, %.1f to %.1f", low, ranking.threshold(0)),
                "transactions (log scale)",
                bars.toString());
    }

    private static double falseAlarmRate(EvaluationResult result) {
        double alerts = result.atThreshold().alertRate() * result.rows();
        double hits = result.atThreshold().recall() * result.frauds();
        return (alerts - hits) / Math.max(1, result.ranking().ordinary());
    }

    private static String bar(int at, int count, int most, String kind) {
        if (count == 0) {
            return "";
        }
        double height = SIZE * Math.log1p(count) / Math.log1p(most);
        double width = (double) SIZE / BARS;
        return format(
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%,d</title></rect>",
                kind, at * width, SIZE - height, width, height, count);
    }

    private static String point(double x, double y) {
        return format(
                "<circle class=\"deployed\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"><title>deployed threshold</title></circle>",
                x * SIZE, (1 - y) * SIZE);
    }

    private static String figure(String title, String across, String up, String content) {
        return format(
                "<figure><figcaption>%s</figcaption><svg viewBox=\"-30 -10 340 345\" role=\"img\" aria-label=\"%s\">"
                        + "<rect class=\"frame\" width=\"%d\" height=\"%d\"/>%s"
                        + "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>"
                        + "<text transform=\"translate(-10 %d) rotate(-90)\" text-anchor=\"middle\">%s</text></svg></figure>%n",
                title, title, SIZE, SIZE, content, SIZE / 2, SIZE + 20, across, SIZE / 2, up);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** A line through shares of the area; steps too small to be seen are left out. */
    private static final class Path {

        private static final double LEAST_STEP = 0.002;

        private final StringBuilder text;
        private double drawnX = Double.NaN;
        private double drawnY = Double.NaN;
        private double x = Double.NaN;
        private double y = Double.NaN;

        Path(StringBuilder text) {
            this.text = text;
        }

        void to(double nextX, double nextY) {
            x = nextX;
            y = nextY;
            if (!(Math.abs(x - drawnX) < LEAST_STEP && Math.abs(y - drawnY) < LEAST_STEP)) {
                draw();
            }
        }

        void end() {
            if (!Double.isNaN(x)) {
                draw();
            }
        }

        private void draw() {
            text.append(text.isEmpty() ? 'M' : 'L').append(format("%.1f %.1f", x * SIZE, (1 - y) * SIZE));
            drawnX = x;
            drawnY = y;
        }
    }
}
