# Azure ML keeps runs, metrics and models by the MLflow protocol. What it stores is its own: an account (its default account
# must not be hierarchical, so it cannot be the lake) and a vault, over which its identity has the powers that the
# service demands without having any over ours.

resource "azurerm_user_assigned_identity" "workspace" {
  name                = var.context.names.ml_identity
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags
}

resource "azurerm_storage_account" "workspace" {
  name                = var.context.names.ml_account
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags

  account_kind                     = "StorageV2"
  account_tier                     = "Standard"
  account_replication_type         = "LRS"
  min_tls_version                  = "TLS1_2"
  shared_access_key_enabled        = false
  default_to_oauth_authentication  = true
  local_user_enabled               = false
  allow_nested_items_to_be_public  = false
  cross_tenant_replication_enabled = false
  public_network_access_enabled    = var.network_access.public_access_enabled

  network_rules {
    default_action             = "Deny"
    bypass                     = ["AzureServices"]
    ip_rules                   = var.network_access.allowed_ip_ranges
    virtual_network_subnet_ids = var.network_access.allowed_subnet_ids
  }
}

resource "azurerm_key_vault" "workspace" {
  name                = var.context.names.ml_key_vault
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

locals {
  # What the service asks of a workspace identity over resources that it did not create itself.
  roles = merge(
    {
      account       = { scope = azurerm_storage_account.workspace.id, role = "Contributor" }
      account-blobs = { scope = azurerm_storage_account.workspace.id, role = "Storage Blob Data Contributor" }
      account-files = { scope = azurerm_storage_account.workspace.id, role = "Storage File Data Privileged Contributor" }
      vault         = { scope = azurerm_key_vault.workspace.id, role = "Contributor" }
      vault-secrets = { scope = azurerm_key_vault.workspace.id, role = "Key Vault Administrator" }
      insights      = { scope = var.application_insights_id, role = "Contributor" }
      datasets      = { scope = var.lake.container_id, role = "Storage Blob Data Reader" }
      models        = { scope = var.lake.models_container_id, role = "Storage Blob Data Reader" }
    },
    var.endpoint_enabled ? { registry = { scope = var.registry_id, role = "Contributor" } } : {},
    var.network_access.public_access_enabled ? {} : {
      lake-link = { scope = var.lake.account_id, role = "Azure AI Enterprise Network Connection Approver" }
    },
  )
}

resource "azurerm_role_assignment" "workspace" {
  for_each = local.roles

  scope                = each.value.scope
  role_definition_name = each.value.role
  principal_id         = azurerm_user_assigned_identity.workspace.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_machine_learning_workspace" "main" {
  name                = var.context.names.ml_workspace
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags

  friendly_name                  = "Outrider"
  description                    = "Runs, metrics and models of Outrider's training."
  application_insights_id        = var.application_insights_id
  key_vault_id                   = azurerm_key_vault.workspace.id
  storage_account_id             = azurerm_storage_account.workspace.id
  storage_account_access_type    = "Identity"
  container_registry_id          = var.endpoint_enabled ? var.registry_id : null
  primary_user_assigned_identity = azurerm_user_assigned_identity.workspace.id
  public_network_access_enabled  = var.network_access.public_access_enabled
  v1_legacy_mode_enabled         = false

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.workspace.id]
  }

  # Without FQDN rules, which there are none of, this isolation needs no firewall and costs nothing.
  managed_network {
    isolation_mode = var.network_access.public_access_enabled ? "Disabled" : "AllowOnlyApprovedOutbound"
  }

  depends_on = [azurerm_role_assignment.workspace]
}

resource "azurerm_machine_learning_workspace_network_outbound_rule_private_endpoint" "lake" {
  for_each = var.network_access.public_access_enabled ? {} : { dfs = "lake", blob = "lake-blobs" }

  name                = each.value
  workspace_id        = azurerm_machine_learning_workspace.main.id
  service_resource_id = var.lake.account_id
  sub_resource_target = each.key
}

# The datasets under the name by which a notebook or job in the workspace reads them.
resource "azurerm_machine_learning_datastore_datalake_gen2" "datasets" {
  name                  = "processed_transactions"
  description           = "Outrider's datasets: features and labels in Parquet."
  workspace_id          = azurerm_machine_learning_workspace.main.id
  storage_container_id  = var.lake.container_id
  service_data_identity = "WorkspaceUserAssignedIdentity"
}

# The models, which Outrider registers in the workspace by their place here.
resource "azurerm_machine_learning_datastore_blobstorage" "models" {
  name                       = "models"
  description                = "Outrider's models: ONNX with a manifest, in MLflow's layout."
  workspace_id               = azurerm_machine_learning_workspace.main.id
  storage_container_id       = var.lake.models_container_id
  service_data_auth_identity = "WorkspaceUserAssignedIdentity"
}
