locals {
  hubs = merge(
    {
      # The raw log in the lake: what happened, what was decided, and who said what about it.
      transactions = { captured = true }
      alerts       = { captured = true }
      labels       = { captured = true }
      dead-letters = { captured = false }
    },
    var.ingress_enabled ? { transactions-ingress = { captured = false } } : {},
    var.scored_transactions_enabled ? { scored-transactions = { captured = false } } : {},
  )

  # Outrider's own consumers speak Kafka, and their groups come into being by themselves. These are for readers that speak
  # AMQP (Spark, Stream Analytics, Functions, a SIEM), so that none of them sits on $Default in another's way.
  consumer_groups = {
    "transactions/analytics"  = { hub = "transactions", group = "analytics", purpose = "Spark and Stream Analytics over the live stream." }
    "alerts/case-management"  = { hub = "alerts", group = "case-management", purpose = "Systems that open a case per alert." }
    "alerts/siem"             = { hub = "alerts", group = "siem", purpose = "Security monitoring." }
    "labels/analytics"        = { hub = "labels", group = "analytics", purpose = "Reports over verdicts." }
    "dead-letters/operations" = { hub = "dead-letters", group = "operations", purpose = "People and scripts that mend rejected events." }
  }

  inflates = var.sku == "Standard" && coalesce(var.maximum_throughput_units, var.capacity) > var.capacity
}

resource "azurerm_user_assigned_identity" "capture" {
  name                = var.context.names.capture_identity
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags
}

# An identity of its own, and not the namespace's: its role must stand before the first hub is created, or the service
# refuses Capture.
resource "azurerm_role_assignment" "capture" {
  scope                = var.capture.container_id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_user_assigned_identity.capture.principal_id
  principal_type       = "ServicePrincipal"
  description          = "Event Hubs Capture writes raw events."
}

resource "azurerm_eventhub_namespace" "main" {
  name                = var.context.names.eventhub_namespace
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags

  sku                           = var.sku
  capacity                      = var.capacity
  auto_inflate_enabled          = local.inflates
  maximum_throughput_units      = local.inflates ? var.maximum_throughput_units : null
  minimum_tls_version           = "1.2"
  local_authentication_enabled  = false
  public_network_access_enabled = var.network_access.public_access_enabled

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.capture.id]
  }

  network_rulesets {
    default_action                 = "Deny"
    public_network_access_enabled  = var.network_access.public_access_enabled
    trusted_service_access_enabled = true

    ip_rule = [for range in var.network_access.allowed_ip_ranges : { action = "Allow", ip_mask = range }]
    virtual_network_rule = [for id in var.network_access.allowed_subnet_ids : {
      subnet_id                                       = id
      ignore_missing_virtual_network_service_endpoint = false
    }]
  }
}

resource "azurerm_eventhub" "main" {
  for_each = local.hubs

  name            = each.key
  namespace_id    = azurerm_eventhub_namespace.main.id
  partition_count = var.partition_count

  retention_description {
    cleanup_policy          = "Delete"
    retention_time_in_hours = var.retention_hours
  }

  dynamic "capture_description" {
    for_each = each.value.captured ? [var.capture] : []

    content {
      enabled             = true
      encoding            = "Avro"
      interval_in_seconds = capture_description.value.interval_in_seconds
      size_limit_in_bytes = capture_description.value.size_limit_in_bytes
      skip_empty_archives = true

      destination {
        name                        = "EventHubArchive.AzureBlockBlob"
        archive_name_format         = "{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}"
        blob_container_name         = capture_description.value.container_name
        storage_account_id          = capture_description.value.storage_account_id
        storage_authentication_type = "UserAssigned"
        storage_authentication_id   = azurerm_user_assigned_identity.capture.id
      }
    }
  }

  depends_on = [azurerm_role_assignment.capture]
}

resource "azurerm_eventhub_consumer_group" "main" {
  for_each = local.consumer_groups

  name                = each.value.group
  eventhub_name       = azurerm_eventhub.main[each.value.hub].name
  namespace_name      = azurerm_eventhub_namespace.main.name
  resource_group_name = var.context.resource_group_name
  user_metadata       = each.value.purpose
}
