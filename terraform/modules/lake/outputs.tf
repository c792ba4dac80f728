output "account_id" {
  description = "The lake's storage account."
  value       = azurerm_storage_account.lake.id
}

output "account_name" {
  description = "Name of the lake's storage account."
  value       = azurerm_storage_account.lake.name
}

output "blob_url" {
  description = "Blob endpoint, for AZURE_STORAGE_ACCOUNT_URL."
  value       = "https://${azurerm_storage_account.lake.name}.blob.core.windows.net"
}

output "dfs_url" {
  description = "Data Lake endpoint, for Spark and SQL."
  value       = "https://${azurerm_storage_account.lake.name}.dfs.core.windows.net"
}

output "containers" {
  description = "Container names by purpose: raw, processed, alerts, models, states, erasures, runs, tracking, backtests."
  value       = { for key, container in azurerm_storage_container.lake : key => container.name }
}

output "container_ids" {
  description = "Resource ids of the containers by the same keys, as scopes of role assignments."
  value       = { for key, container in azurerm_storage_container.lake : key => container.id }
}

output "posture" {
  description = "What the account lets in, for review and tests."
  value = {
    public_access    = azurerm_storage_account.lake.public_network_access_enabled
    shared_keys      = azurerm_storage_account.lake.shared_access_key_enabled
    anonymous_read   = azurerm_storage_account.lake.allow_nested_items_to_be_public
    default_action   = azurerm_storage_account.lake.network_rules[0].default_action
    replication      = azurerm_storage_account.lake.account_replication_type
    soft_delete_days = azurerm_storage_account.lake.blob_properties[0].delete_retention_policy[0].days
  }
}
