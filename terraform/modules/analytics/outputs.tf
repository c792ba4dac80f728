output "databricks_workspace_id" {
  description = "The Databricks workspace; null without one."
  value       = one(azurerm_databricks_workspace.main[*].id)
}

output "databricks_url" {
  description = "Host of the Databricks workspace; null without one."
  value       = one(azurerm_databricks_workspace.main[*].workspace_url)
}

output "databricks_access_connector_id" {
  description = "Access connector, for the storage credential in Unity Catalog; null without Databricks."
  value       = one(azurerm_databricks_access_connector.main[*].id)
}

output "databricks_roles" {
  description = "What the access connector may do in the lake, by container."
  value       = { for key, assignment in azurerm_role_assignment.spark : key => assignment.role_definition_name }
}

output "databricks_job_roles" {
  description = "What the ETL job's own identity may do in the lake, by container; empty without one."
  value       = { for key, assignment in azurerm_role_assignment.spark_job : key => assignment.role_definition_name }
}

output "synapse_workspace_id" {
  description = "The Synapse workspace; null without one."
  value       = one(azurerm_synapse_workspace.main[*].id)
}

output "synapse_sql_endpoint" {
  description = "Serverless SQL endpoint; null without Synapse."
  value       = var.synapse == null ? null : "${azurerm_synapse_workspace.main[0].name}-ondemand.sql.azuresynapse.net"
}

output "synapse_views_sql" {
  description = "Statements that create the views; null without Synapse."
  value = var.synapse == null ? null : templatefile("${path.module}/views.sql.tftpl", {
    dfs_url   = var.lake.dfs_url
    processed = var.lake.containers.processed
    alerts    = var.lake.containers.alerts
  })
}

output "posture" {
  description = "What the workspaces let in, for review and tests; null for what is switched off."
  value = {
    databricks_public_access    = one(azurerm_databricks_workspace.main[*].public_network_access_enabled)
    databricks_public_addresses = try(!azurerm_databricks_workspace.main[0].custom_parameters[0].no_public_ip, null)
    synapse_public_access       = one(azurerm_synapse_workspace.main[*].public_network_access_enabled)
    synapse_entra_only          = one(azurerm_synapse_workspace.main[*].azuread_authentication_only)
  }
}
