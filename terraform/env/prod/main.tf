# Production: three zones, Premium Event Hubs, every service behind a private endpoint, deleted vaults kept. The node pools
# scale by themselves between their limits, which reach to about 100,000 events a second; Event Hubs does not: two
# processing units carry some 10 MB/s for certain, so raise stream.capacity before the load comes (rule stream-busy tells).
module "platform" {
  source = "../../modules/platform"

  environment     = "prod"
  subscription_id = var.subscription_id
  tenant_id       = var.tenant_id
  location        = var.location
  naming          = var.naming
  tags            = { owner = var.owner, cost-center = var.cost_center }

  private                  = true
  client_ip_ranges         = var.client_ip_ranges
  ingress_ip_ranges        = var.ingress_ip_ranges
  admin_group_object_ids   = var.admin_group_object_ids
  github                   = var.github_repository == null ? null : { repository = var.github_repository, environment = "prod" }
  purge_protection_enabled = true

  stream = {
    sku                         = "Premium"
    capacity                    = 2
    retention_hours             = 168
    scored_transactions_enabled = var.scored_transactions_enabled
  }

  lake = {
    replication        = "ZRS"
    soft_delete_days   = 30
    raw_retention_days = 400
  }

  cluster = {
    sku_tier    = "Standard"
    system_pool = { vm_size = "Standard_D4ds_v5", min_count = 3, max_count = 5 }
    pools = {
      live  = { vm_size = "Standard_D8ds_v5", min_count = 3, max_count = 12 }
      batch = { vm_size = "Standard_D8ds_v5", min_count = 0, max_count = 4 }
    }
  }

  monitoring = {
    alert_emails       = var.alert_emails
    expect_traffic     = true
    log_retention_days = 90
    budget             = var.budget
  }

  alert_webhooks         = var.alert_webhooks
  operations_webhook_url = var.operations_webhook_url
  ml                     = { enabled = var.ml_enabled, endpoint_enabled = var.ml_endpoint_enabled }
  databricks_enabled     = var.databricks_enabled
  vault_readers_enabled  = var.vault_readers_enabled

  databricks_job_principal_id = var.databricks_job_principal_id

  synapse              = var.synapse
  synapse_sql_password = var.synapse_sql_password
}
