# Puts the parts together: the whole of Outrider on Azure, in one resource group. The environments differ in what they pass
# in here and in nothing else, so what was tried in dev is what runs in prod.

locals {
  tags = merge(var.tags, {
    workload    = var.naming.workload
    environment = var.environment
    managed-by  = "terraform"
  })

  context = {
    resource_group_name = azurerm_resource_group.main.name
    location            = azurerm_resource_group.main.location
    names               = module.naming.names
    tags                = local.tags
  }

  # Private: nobody from outside. Otherwise the listed addresses and our own nodes, by service endpoint.
  network_access = {
    public_access_enabled = !var.private
    allowed_ip_ranges     = var.private ? [] : var.allowed_ip_ranges
    allowed_subnet_ids    = var.private ? [] : [module.network.nodes_subnet_id]
  }
  # The lake is also read by Spark.
  lake_access = merge(local.network_access, {
    allowed_subnet_ids = var.private ? [] : concat([module.network.nodes_subnet_id], var.databricks_enabled ? module.network.spark.subnet_ids : [])
  })
}

module "naming" {
  source = "../naming"

  workload        = var.naming.workload
  environment     = var.environment
  location        = var.location
  region_code     = var.naming.region_code
  suffix          = var.naming.suffix
  subscription_id = var.subscription_id
}

resource "azurerm_resource_group" "main" {
  name     = module.naming.names.resource_group
  location = var.location
  tags     = local.tags
}

module "network" {
  source = "../network"

  context                   = local.context
  address_space             = var.address_space
  zones                     = var.zones
  private_endpoints_enabled = var.private
  private_dns_zones         = local.private_dns_zones
  client_ip_ranges          = var.client_ip_ranges
  ingress_ip_ranges         = var.ingress_ip_ranges
  spark_subnets_enabled     = var.databricks_enabled
}

module "lake" {
  source = "../lake"

  context            = local.context
  network_access     = local.lake_access
  tenant_id          = var.tenant_id
  replication        = var.lake.replication
  soft_delete_days   = var.lake.soft_delete_days
  raw_retention_days = var.lake.raw_retention_days
  cool_after_days    = var.lake.cool_after_days
  # Written out, because the workspace itself needs the lake first.
  trusted_resource_ids = var.synapse == null ? [] : ["/subscriptions/${var.subscription_id}/resourceGroups/${module.naming.names.resource_group}/providers/Microsoft.Synapse/workspaces/*"]
}

module "stream" {
  source = "../stream"

  context                     = local.context
  network_access              = local.network_access
  sku                         = var.stream.sku
  capacity                    = var.stream.capacity
  maximum_throughput_units    = var.stream.maximum_throughput_units
  partition_count             = var.stream.partition_count
  retention_hours             = var.stream.retention_hours
  ingress_enabled             = var.stream.ingress_enabled
  scored_transactions_enabled = var.stream.scored_transactions_enabled

  capture = {
    storage_account_id = module.lake.account_id
    container_id       = module.lake.container_ids.raw
    container_name     = module.lake.containers.raw
  }
}

module "cluster" {
  source = "../cluster"

  context                 = local.context
  tenant_id               = var.tenant_id
  nodes_subnet_id         = module.network.nodes_subnet_id
  nat_ready               = module.network.nat_ready
  private_cluster_enabled = var.private
  # The nodes call the API server by their outbound address, which must be on the list too. AKS answers a single address with a suffix,
  # which every later plan would want to take away again; the storage service accepts it only without.
  authorized_ip_ranges           = length(var.allowed_ip_ranges) == 0 ? [] : [for range in concat(var.allowed_ip_ranges, [module.network.outbound_ip]) : strcontains(range, "/") ? range : "${range}/32"]
  registry_public_access_enabled = !var.private
  # A hosted runner's address is on no list.
  run_command_enabled    = var.private || var.github != null
  sku_tier               = var.cluster.sku_tier
  kubernetes_version     = var.cluster.kubernetes_version
  zones                  = var.zones
  system_pool            = var.cluster.system_pool
  pools                  = var.cluster.pools
  admin_group_object_ids = var.admin_group_object_ids
  log_workspace_id       = module.monitoring.log_workspace_id
}

module "identity" {
  source = "../identity"

  context                  = local.context
  network_access           = local.network_access
  tenant_id                = var.tenant_id
  oidc_issuer_url          = module.cluster.oidc_issuer_url
  kubernetes_namespace     = var.kubernetes_namespace
  hub_ids                  = module.stream.hub_ids
  container_ids            = module.lake.container_ids
  prometheus_workspace_id  = module.monitoring.prometheus_workspace_id
  ml_workspace             = var.ml.enabled ? { id = module.ml[0].workspace_id } : null
  resource_group_id        = azurerm_resource_group.main.id
  cluster_id               = module.cluster.cluster_id
  registry_id              = module.cluster.registry_id
  github                   = var.github
  secret_officer_group_ids = var.admin_group_object_ids
  vault_readers_enabled    = var.vault_readers_enabled
  purge_protection_enabled = var.purge_protection_enabled
}

module "monitoring" {
  source = "../monitoring"

  context                = local.context
  subscription_id        = var.subscription_id
  kubernetes_namespace   = var.kubernetes_namespace
  partition_count        = var.stream.partition_count
  log_retention_days     = var.monitoring.log_retention_days
  log_daily_quota_gb     = var.monitoring.log_daily_quota_gb
  alert_emails           = var.monitoring.alert_emails
  alert_webhooks         = var.alert_webhooks
  operations_webhook_url = var.operations_webhook_url
  outbound_ip            = module.network.outbound_ip
  expect_traffic         = var.monitoring.expect_traffic
  latency_objective_ms   = var.monitoring.latency_objective_ms
  budget                 = var.monitoring.budget

  budgeted_resource_groups = concat(
    [module.naming.names.resource_group, module.naming.names.cluster_resource_group],
    var.databricks_enabled ? [module.naming.names.databricks_resource_group] : [],
  )

  targets = {
    namespace_id = module.stream.namespace_id
    premium      = var.stream.sku == "Premium"
    account_id   = module.lake.account_id
    cluster_id   = module.cluster.cluster_id
  }

  diagnostics = {
    stream   = { resource_id = module.stream.namespace_id, category_groups = ["allLogs"], dedicated = true }
    lake     = { resource_id = "${module.lake.account_id}/blobServices/default", categories = ["StorageDelete"] }
    vault    = { resource_id = module.identity.key_vault_id, category_groups = ["audit"], dedicated = true }
    registry = { resource_id = module.cluster.registry_id, category_groups = ["audit"] }
    # Reads and watches make up nine tenths of an API server's audit log; kube-audit-admin leaves them out.
    cluster = { resource_id = module.cluster.cluster_id, categories = ["kube-audit-admin", "guard", "cluster-autoscaler"], dedicated = true }
  }
}

module "ml" {
  source = "../ml"
  count  = var.ml.enabled ? 1 : 0

  context                  = local.context
  network_access           = local.network_access
  tenant_id                = var.tenant_id
  application_insights_id  = module.monitoring.application_insights_id
  registry_id              = module.cluster.registry_id
  endpoint_enabled         = var.ml.endpoint_enabled
  purge_protection_enabled = var.purge_protection_enabled

  lake = {
    account_id          = module.lake.account_id
    container_id        = module.lake.container_ids.processed
    models_container_id = module.lake.container_ids.models
  }
}

module "analytics" {
  source = "../analytics"

  context              = local.context
  network_access       = local.network_access
  databricks_enabled   = var.databricks_enabled
  spark_network        = module.network.spark
  tenant_id            = var.tenant_id
  synapse              = var.synapse
  synapse_sql_password = var.synapse_sql_password

  databricks_job_principal_id = var.databricks_job_principal_id

  lake = {
    dfs_url       = module.lake.dfs_url
    containers    = module.lake.containers
    container_ids = module.lake.container_ids
  }
}
