# Serverless SQL over the lake's Parquet: no pool, no copy, paid by what a query reads. Terraform creates the workspace; the
# views are SQL and are created with the statements of output synapse_views_sql (README).
resource "azurerm_synapse_workspace" "main" {
  count = var.synapse == null ? 0 : 1

  name                = var.context.names.synapse
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags

  storage_data_lake_gen2_filesystem_id = "${var.lake.dfs_url}/${var.lake.containers.processed}"
  sql_administrator_login              = "outrider"
  sql_administrator_login_password     = var.synapse_sql_password
  azuread_authentication_only          = true
  managed_virtual_network_enabled      = true
  public_network_access_enabled        = var.network_access.public_access_enabled

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_synapse_workspace_aad_admin" "main" {
  count = var.synapse == null ? 0 : 1

  synapse_workspace_id = azurerm_synapse_workspace.main[0].id
  login                = var.synapse.admin_group_name
  object_id            = var.synapse.admin_group_object_id
  tenant_id            = var.tenant_id
}

resource "azurerm_synapse_firewall_rule" "clients" {
  for_each = var.synapse != null && var.network_access.public_access_enabled ? toset(var.network_access.allowed_ip_ranges) : []

  name                 = "allow-${replace(replace(each.value, ".", "-"), "/", "-")}"
  synapse_workspace_id = azurerm_synapse_workspace.main[0].id
  start_ip_address     = cidrhost(strcontains(each.value, "/") ? each.value : "${each.value}/32", 0)
  end_ip_address       = cidrhost(strcontains(each.value, "/") ? each.value : "${each.value}/32", -1)
}

resource "azurerm_role_assignment" "synapse" {
  for_each = var.synapse == null ? toset([]) : toset(["processed", "alerts"])

  scope                = var.lake.container_ids[each.key]
  role_definition_name = "Storage Blob Data Reader"
  principal_id         = azurerm_synapse_workspace.main[0].identity[0].principal_id
  principal_type       = "ServicePrincipal"
}
