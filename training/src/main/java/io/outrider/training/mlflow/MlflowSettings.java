package io.outrider.training.mlflow;

import com.typesafe.config.Config;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;

/**
 * Which MLflow server is told ({@code outrider.mlflow}).
 *
 * @param uri its address, {@code http}, {@code https} or {@code azureml}
 * @param experiment name of the experiment that runs go to
 * @param token bearer token, without space around it, as a file's last line break is; empty for none
 * @param timeout for each request
 * @param azure of an Azure ML workspace
 */
public record MlflowSettings(URI uri, String experiment, String token, Duration timeout, Azure azure) {

    /**
     * What an Azure ML workspace takes besides.
     *
     * @param resourceManager address of Azure Resource Manager, without a slash at its end
     * @param datastore what the workspace calls the lake's container of models; empty where models are not registered
     */
    public record Azure(String resourceManager, String datastore) {}

    private static final String AZURE_ML = "azureml";

    public MlflowSettings {
        token = token.strip();
        if (token.chars().anyMatch(c -> c <= ' ' || c > '~')) { // without the token: errors are logged
            throw new IllegalArgumentException(
                    "outrider.mlflow.token must be of visible ASCII characters alone, without a space or line break in it");
        }
        String scheme = String.valueOf(uri.getScheme());
        if (!scheme.equals("http") && !scheme.equals("https") && !scheme.equals(AZURE_ML)) {
            throw new IllegalArgumentException(
                    "outrider.mlflow.tracking-uri must begin with http:, https: or azureml:, not " + scheme + ":");
        }
        if (experiment.isBlank()) {
            throw new IllegalArgumentException("outrider.mlflow.experiment must not be empty");
        }
        if (!azure.datastore().isEmpty()) {
            if (!scheme.equals(AZURE_ML)) {
                throw new IllegalArgumentException(
                        "outrider.mlflow.azure.datastore is for a tracking-uri that begins with azureml:, not " + scheme
                                + ":");
            }
            var unused = WorkspaceSettings.of(uri, azure.resourceManager(), azure.datastore());
        }
    }

    /** Reads {@code outrider.mlflow} of the whole configuration; empty where no server is named. */
    public static Optional<MlflowSettings> from(Config root) {
        Config mlflow = root.getConfig("outrider.mlflow");
        String uri = mlflow.getString("tracking-uri").strip();
        if (uri.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new MlflowSettings(
                address(uri),
                mlflow.getString("experiment"),
                mlflow.getString("token"),
                mlflow.getDuration("timeout"),
                new Azure(
                        mlflow.getString("azure.resource-manager").replaceFirst("/+$", ""),
                        mlflow.getString("azure.datastore").strip())));
    }

    private static URI address(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            // Neither the address nor the exception, which has it in its words: there may be a password in it.
            throw new IllegalArgumentException("outrider.mlflow.tracking-uri is no address: " + e.getReason()
                    + " at character " + (e.getIndex() + 1));
        }
    }

    /** Without what is secret: the token, and what of the address may be. */
    @Override
    public String toString() {
        return "experiment " + experiment + " at " + uri.getScheme() + "://" + uri.getHost();
    }

    /** Whether it is an Azure ML workspace, which takes Entra tokens. */
    public boolean azureMl() {
        return AZURE_ML.equals(uri.getScheme());
    }

    /** Where the workspace's registry is told of models; empty where it is not. */
    Optional<WorkspaceSettings> workspace() {
        return azure.datastore().isEmpty()
                ? Optional.empty()
                : Optional.of(WorkspaceSettings.of(uri, azure.resourceManager(), azure.datastore()));
    }

    /** The address over HTTP, without a slash at its end: a workspace's {@code azureml:} is {@code https:}. */
    String base() {
        String text = azureMl() ? "https" + uri.toString().substring(AZURE_ML.length()) : uri.toString();
        int query = text.indexOf('?');
        String plain = query < 0 ? text : text.substring(0, query);
        return plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
    }
}
