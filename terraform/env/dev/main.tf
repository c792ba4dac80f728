# Development: the same parts as production at the smallest size, reachable from the developers' own addresses, gone with
# one terraform destroy. No uptime agreement, one copy of the data per data centre.
module "platform" {
  source = "../../modules/platform"

  environment     = "dev"
  subscription_id = var.subscription_id
  tenant_id       = var.tenant_id
  location        = var.location
  naming          = var.naming
  tags            = { owner = var.owner, cost-center = var.cost_center }

  private                  = false
  allowed_ip_ranges        = var.allowed_ip_ranges
  ingress_ip_ranges        = var.ingress_ip_ranges
  admin_group_object_ids   = var.admin_group_object_ids
  github                   = var.github_repository == null ? null : { repository = var.github_repository, environment = "dev" }
  purge_protection_enabled = false

  stream = {
    sku                         = "Standard"
    capacity                    = 1
    maximum_throughput_units    = 4
    retention_hours             = 72
    scored_transactions_enabled = var.scored_transactions_enabled
  }

  lake = {
    replication        = "LRS"
    soft_delete_days   = 7
    raw_retention_days = 90
  }

  cluster = {
    sku_tier    = "Free"
    system_pool = { vm_size = "Standard_D2ds_v5", min_count = 1, max_count = 2 }
    pools = {
      live  = { vm_size = "Standard_D4ds_v5", min_count = 1, max_count = 3 }
      batch = { vm_size = "Standard_D4ds_v5", min_count = 0, max_count = 2, spot = true }
    }
  }

  monitoring = {
    alert_emails       = var.alert_emails
    expect_traffic     = false
    log_retention_days = 30
    log_daily_quota_gb = 1
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
