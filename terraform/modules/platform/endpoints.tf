# The private endpoints of all services in one place: who is reached privately can be read off one table.
locals {
  endpoints = merge(
    {
      stream   = { resource_id = module.stream.namespace_id, subresource = "namespace", zones = ["stream"] }
      blob     = { resource_id = module.lake.account_id, subresource = "blob", zones = ["blob"] }
      dfs      = { resource_id = module.lake.account_id, subresource = "dfs", zones = ["dfs"] }
      vault    = { resource_id = module.identity.key_vault_id, subresource = "vault", zones = ["vault"] }
      registry = { resource_id = module.cluster.registry_id, subresource = "registry", zones = ["registry"] }
    },
    !var.ml.enabled ? {} : {
      ml       = { resource_id = module.ml[0].workspace_id, subresource = "amlworkspace", zones = ["ml", "notebooks"] }
      ml-blob  = { resource_id = module.ml[0].account_id, subresource = "blob", zones = ["blob"] }
      ml-file  = { resource_id = module.ml[0].account_id, subresource = "file", zones = ["file"] }
      ml-vault = { resource_id = module.ml[0].key_vault_id, subresource = "vault", zones = ["vault"] }
    },
    !var.databricks_enabled ? {} : {
      databricks = { resource_id = module.analytics.databricks_workspace_id, subresource = "databricks_ui_api", zones = ["databricks"] }
      # Where Entra ID sends a browser back to after login: without it nobody gets in who has no way to the internet. It serves every workspace
      # of the region whose names are looked up in this zone.
      databricks-login = { resource_id = module.analytics.databricks_workspace_id, subresource = "browser_authentication", zones = ["databricks"] }
    },
    var.synapse == null ? {} : {
      synapse-sql = { resource_id = module.analytics.synapse_workspace_id, subresource = "SqlOnDemand", zones = ["synapse-sql"] }
      synapse-dev = { resource_id = module.analytics.synapse_workspace_id, subresource = "Dev", zones = ["synapse-dev"] }
    },
  )

  private_dns_zones = merge(
    {
      stream   = "privatelink.servicebus.windows.net"
      blob     = "privatelink.blob.core.windows.net"
      dfs      = "privatelink.dfs.core.windows.net"
      vault    = "privatelink.vaultcore.azure.net"
      registry = "privatelink.azurecr.io"
    },
    !var.ml.enabled ? {} : {
      ml        = "privatelink.api.azureml.ms"
      notebooks = "privatelink.notebooks.azure.net"
      file      = "privatelink.file.core.windows.net"
    },
    !var.databricks_enabled ? {} : { databricks = "privatelink.azuredatabricks.net" },
    var.synapse == null ? {} : {
      synapse-sql = "privatelink.sql.azuresynapse.net"
      synapse-dev = "privatelink.dev.azuresynapse.net"
    },
  )
}

resource "azurerm_private_endpoint" "main" {
  for_each = { for key, endpoint in local.endpoints : key => endpoint if var.private }

  name                          = "${module.naming.names.private_endpoint}-${each.key}"
  resource_group_name           = local.context.resource_group_name
  location                      = local.context.location
  tags                          = local.context.tags
  subnet_id                     = module.network.endpoints_subnet_id
  custom_network_interface_name = "nic-${module.naming.names.private_endpoint}-${each.key}"

  private_service_connection {
    name                           = each.key
    private_connection_resource_id = each.value.resource_id
    subresource_names              = [each.value.subresource]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [for zone in each.value.zones : module.network.private_dns_zone_ids[zone]]
  }
}
