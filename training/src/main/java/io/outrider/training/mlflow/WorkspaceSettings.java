package io.outrider.training.mlflow;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An Azure ML workspace whose registry has models ({@code outrider.mlflow.azure}).
 *
 * @param resourceManager address of Azure Resource Manager, without a slash at its end
 * @param subscription id of the workspace's subscription
 * @param resourceGroup its resource group
 * @param workspace its name
 * @param datastore what it calls the lake's container of models
 */
record WorkspaceSettings(
        String resourceManager, String subscription, String resourceGroup, String workspace, String datastore) {

    private static final Pattern WORKSPACE = Pattern.compile(
            ".*/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/Microsoft\\.MachineLearningServices/workspaces/([^/]+)/?",
            Pattern.CASE_INSENSITIVE);

    WorkspaceSettings {
        if (!datastore.matches("[A-Za-z0-9_]{1,255}")) {
            throw new IllegalArgumentException(
                    "outrider.mlflow.azure.datastore must be letters, digits and _ alone, is '" + datastore + "'");
        }
    }

    /** The workspace that a tracking address names. */
    static WorkspaceSettings of(URI tracking, String resourceManager, String datastore) {
        Matcher parts = WORKSPACE.matcher(String.valueOf(tracking.getPath()));
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "outrider.mlflow.azure.datastore needs an outrider.mlflow.tracking-uri that"
                            + " names a workspace: azureml://…/subscriptions/…/resourceGroups/…/providers/"
                            + "Microsoft.MachineLearningServices/workspaces/…");
        }
        return new WorkspaceSettings(resourceManager, parts.group(1), parts.group(2), parts.group(3), datastore);
    }

    /** The workspace's path at Azure Resource Manager. */
    String resource() {
        return "/subscriptions/" + subscription + "/resourceGroups/" + resourceGroup
                + "/providers/Microsoft.MachineLearningServices/workspaces/" + workspace;
    }

    /** How Azure ML names a folder of the datastore. */
    String place(String folder) {
        return "azureml://subscriptions/" + subscription + "/resourcegroups/" + resourceGroup + "/workspaces/"
                + workspace + "/datastores/" + datastore + "/paths/" + folder;
    }
}
