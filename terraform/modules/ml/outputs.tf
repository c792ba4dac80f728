output "workspace_id" {
  description = "The machine learning workspace."
  value       = azurerm_machine_learning_workspace.main.id
}

output "workspace_name" {
  description = "Name of the machine learning workspace."
  value       = azurerm_machine_learning_workspace.main.name
}

output "account_id" {
  description = "The workspace's own storage account."
  value       = azurerm_storage_account.workspace.id
}

output "key_vault_id" {
  description = "The workspace's own key vault."
  value       = azurerm_key_vault.workspace.id
}

output "tracking_uri" {
  description = "For MLFLOW_TRACKING_URI."
  value       = "azureml://${var.context.location}.api.azureml.ms/mlflow/v1.0${azurerm_machine_learning_workspace.main.id}"
}

output "models_datastore" {
  description = "For OUTRIDER_MLFLOW_AZURE_DATASTORE."
  value       = azurerm_machine_learning_datastore_blobstorage.models.name
}

output "endpoint_name" {
  description = "Name of the managed online endpoint; null without one."
  value       = one(azurerm_resource_group_template_deployment.endpoint[*].name)
}

output "posture" {
  description = "What the workspace and its account let in, for review and tests."
  value = {
    public_access         = azurerm_machine_learning_workspace.main.public_network_access_enabled
    isolation             = azurerm_machine_learning_workspace.main.managed_network[0].isolation_mode
    account_shared_keys   = azurerm_storage_account.workspace.shared_access_key_enabled
    account_public_access = azurerm_storage_account.workspace.public_network_access_enabled
    account_access        = azurerm_machine_learning_workspace.main.storage_account_access_type
    vault_public_access   = azurerm_key_vault.workspace.public_network_access_enabled
  }
}
