package io.outrider.training.mlflow;

import com.typesafe.config.Config;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Which MLflow server is told ({@code outrider.mlflow}).
 *
 * @param uri its address, {@code http}, {@code https} or {@code azureml}
 * @param experiment name of the experiment that runs go to
 * @param token bearer token; empty for none
 * @param timeout for each request
 */
public record MlflowSettings(URI uri, String experiment, String token, Duration timeout) {

    private static final String AZURE_ML = "azureml";

    public MlflowSettings {
        String scheme = String.valueOf(uri.getScheme());
        if (!scheme.equals("http") && !scheme.equals("https") && !scheme.equals(AZURE_ML)) {
            throw new IllegalArgumentException(
                    "outrider.mlflow.tracking-uri must begin with http:, https: or azureml: '" + uri + "'");
        }
        if (experiment.isBlank()) {
            throw new IllegalArgumentException("outrider.mlflow.experiment must not be empty");
        }
    }

    /** Reads {@code outrider.mlflow} of the whole configuration; empty where no server is named. */
    public static Optional<MlflowSettings> from(Config root) {
        Config mlflow = root.getConfig("outrider.mlflow");
        String uri = mlflow.getString("tracking-uri").strip();
        if (uri.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new MlflowSettings(
                    URI.create(uri),
                    mlflow.getString("experiment"),
                    mlflow.getString("token"),
                    mlflow.getDuration("timeout")));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("outrider.mlflow.tracking-uri: " + e.getMessage(), e);
        }
    }

    /** Whether it is an Azure ML workspace, which takes Entra tokens. */
    public boolean azureMl() {
        return AZURE_ML.equals(uri.getScheme());
    }

    /** The address over HTTP, without a slash at its end: a workspace's {@code azureml:} is {@code https:}. */
    String base() {
        String text = azureMl() ? "https" + uri.toString().substring(AZURE_ML.length()) : uri.toString();
        int query = text.indexOf('?');
        String plain = query < 0 ? text : text.substring(0, query);
        return plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
    }
}
