locals {
  containers = {
    raw       = "raw-transactions"
    processed = "processed-transactions"
    alerts    = "alerts"
    models    = "models"
    states    = "checkpoints"
    erasures  = "erasures"
    runs      = "runs"
    tracking  = "tracking"
    backtests = "backtests"
  }
}

resource "azurerm_storage_account" "lake" {
  name                = var.context.names.lake_account
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags

  account_kind             = "StorageV2"
  account_tier             = "Standard"
  account_replication_type = var.replication
  is_hns_enabled           = true

  min_tls_version                  = "TLS1_2"
  shared_access_key_enabled        = false
  default_to_oauth_authentication  = true
  local_user_enabled               = false
  allow_nested_items_to_be_public  = false
  cross_tenant_replication_enabled = false
  public_network_access_enabled    = var.network_access.public_access_enabled

  network_rules {
    default_action = "Deny"
    # Event Hubs Capture writes as a trusted service, with its identity; this holds with public access off too.
    bypass                     = ["AzureServices"]
    ip_rules                   = var.network_access.allowed_ip_ranges
    virtual_network_subnet_ids = var.network_access.allowed_subnet_ids

    dynamic "private_link_access" {
      for_each = toset(var.trusted_resource_ids)

      content {
        endpoint_resource_id = private_link_access.value
        endpoint_tenant_id   = var.tenant_id
      }
    }
  }

  # No blob versioning and no change feed: the service refuses them on a hierarchical namespace. Nothing is lost by it,
  # since everything but the partitions' manifests is written once under a new name.
  blob_properties {
    delete_retention_policy {
      days = var.soft_delete_days
    }

    container_delete_retention_policy {
      days = var.soft_delete_days
    }
  }
}

resource "azurerm_storage_container" "lake" {
  for_each = local.containers

  name                  = each.value
  storage_account_id    = azurerm_storage_account.lake.id
  container_access_type = "private"
}

# Deletes raw events only. Which dataset or model may go depends on what refers to it, which a rule by age cannot see:
# Outrider itself removes unreferenced datasets and models (outrider.retention), and checkpoints. Nothing goes to the archive tier, where a backtest could
# not read it.
resource "azurerm_storage_management_policy" "lake" {
  storage_account_id = azurerm_storage_account.lake.id

  rule {
    name    = "raw-events"
    enabled = true

    filters {
      blob_types   = ["blockBlob"]
      prefix_match = ["${local.containers.raw}/"]
    }

    actions {
      base_blob {
        tier_to_cool_after_days_since_modification_greater_than = var.cool_after_days
        delete_after_days_since_modification_greater_than       = var.raw_retention_days
      }
    }
  }

  rule {
    name    = "datasets-and-alerts"
    enabled = true

    filters {
      blob_types   = ["blockBlob"]
      prefix_match = ["${local.containers.processed}/", "${local.containers.alerts}/"]
    }

    actions {
      base_blob {
        tier_to_cool_after_days_since_modification_greater_than = var.cool_after_days
      }
    }
  }
}
