# For what cannot be an identity: keys and addresses of others, which the officers put in. No part of Outrider reads it: what pods
# need, the chart takes from Kubernetes' secrets. Whoever fills those from here gives the right to whom it then belongs.
resource "azurerm_key_vault" "main" {
  name                = var.context.names.key_vault
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags
  tenant_id           = var.tenant_id

  sku_name                      = "standard"
  rbac_authorization_enabled    = true
  purge_protection_enabled      = var.purge_protection_enabled
  soft_delete_retention_days    = 90
  public_network_access_enabled = var.network_access.public_access_enabled

  network_acls {
    default_action             = "Deny"
    bypass                     = "AzureServices"
    ip_rules                   = var.network_access.allowed_ip_ranges
    virtual_network_subnet_ids = var.network_access.allowed_subnet_ids
  }
}

resource "azurerm_role_assignment" "secret_officers" {
  for_each = toset(var.secret_officer_group_ids)

  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Secrets Officer"
  principal_id         = each.value
  principal_type       = "Group"
}
