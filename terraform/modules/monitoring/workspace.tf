resource "azurerm_log_analytics_workspace" "main" {
  name                = var.context.names.log_workspace
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags

  sku                          = "PerGB2018"
  retention_in_days            = var.log_retention_days
  daily_quota_gb               = var.log_daily_quota_gb
  local_authentication_enabled = false
}

# Traces. Its connection string lets one send, not read; the collector and Azure ML both need it, so it stays on.
resource "azurerm_application_insights" "main" {
  name                = var.context.names.application_insights
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags

  application_type    = "other"
  workspace_id        = azurerm_log_analytics_workspace.main.id
  sampling_percentage = 100
}

# Managed Prometheus.
resource "azurerm_monitor_workspace" "main" {
  name                = var.context.names.prometheus_workspace
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags
}
