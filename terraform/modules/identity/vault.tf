# For what cannot be an identity: keys and addresses of others, which the officers put in. What pods need, the chart takes from Kubernetes'
# secrets. Where those are to be filled from here (the chart's keyVault), each part reads the vault as itself; otherwise none does.
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

resource "azurerm_role_assignment" "vault_readers" {
  for_each = var.vault_readers_enabled ? local.parts : {}

  scope                = azurerm_key_vault.main.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.part[each.key].principal_id
  principal_type       = "ServicePrincipal"
  description          = "Outrider: ${each.key} reads secrets"
}
