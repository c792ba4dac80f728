resource "azurerm_container_registry" "main" {
  name                = var.context.names.registry
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags

  # Private endpoints, zone redundancy and retention of untagged images exist in the Premium tier only.
  sku                           = var.registry_public_access_enabled ? "Standard" : "Premium"
  admin_enabled                 = false
  anonymous_pull_enabled        = false
  public_network_access_enabled = var.registry_public_access_enabled
  zone_redundancy_enabled       = var.registry_public_access_enabled ? null : true
  retention_policy_in_days      = var.registry_public_access_enabled ? null : 30
  # Lets `az acr import` bring a released image in without opening the registry.
  network_rule_bypass_option = "AzureServices"
}
