# Where history outgrows the cluster, the same feature plan runs inside Spark. Databricks runs in our network, without
# public addresses, and reaches the lake as its access connector and no other way.
resource "azurerm_databricks_access_connector" "main" {
  count = var.databricks_enabled ? 1 : 0

  name                = var.context.names.databricks_connector
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags

  identity {
    type = "SystemAssigned"
  }
}

locals {
  # What notebooks and reports reach through Unity Catalog.
  spark_roles = !var.databricks_enabled ? {} : {
    raw       = "Storage Blob Data Reader"
    alerts    = "Storage Blob Data Reader"
    processed = "Storage Blob Data Contributor"
  }
  # The ETL job goes to the lake by itself: captured events, what was in force when they came, who is to be left out, datasets.
  job_roles = !var.databricks_enabled || var.databricks_job_principal_id == null ? {} : {
    raw       = "Storage Blob Data Reader"
    states    = "Storage Blob Data Reader"
    erasures  = "Storage Blob Data Reader"
    processed = "Storage Blob Data Contributor"
  }
}

resource "azurerm_role_assignment" "spark_job" {
  for_each = local.job_roles

  scope                = var.lake.container_ids[each.key]
  role_definition_name = each.value
  principal_id         = var.databricks_job_principal_id
  principal_type       = "ServicePrincipal"
  description          = "Outrider's ETL inside Spark"
}

resource "azurerm_role_assignment" "spark" {
  for_each = local.spark_roles

  scope                = var.lake.container_ids[each.key]
  role_definition_name = each.value
  principal_id         = azurerm_databricks_access_connector.main[0].identity[0].principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_databricks_workspace" "main" {
  count = var.databricks_enabled ? 1 : 0

  name                        = var.context.names.databricks
  resource_group_name         = var.context.resource_group_name
  location                    = var.context.location
  tags                        = var.context.tags
  managed_resource_group_name = var.context.names.databricks_resource_group

  # Unity Catalog, and with it the access connector, needs premium.
  sku                                   = "premium"
  public_network_access_enabled         = var.network_access.public_access_enabled
  network_security_group_rules_required = var.network_access.public_access_enabled ? "AllRules" : "NoAzureDatabricksRules"

  custom_parameters {
    no_public_ip                                         = true
    virtual_network_id                                   = var.spark_network.virtual_network_id
    public_subnet_name                                   = var.spark_network.host_subnet_name
    private_subnet_name                                  = var.spark_network.container_subnet_name
    public_subnet_network_security_group_association_id  = var.spark_network.host_association_id
    private_subnet_network_security_group_association_id = var.spark_network.container_association_id
  }
}
