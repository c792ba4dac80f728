output "namespace_id" {
  description = "The Event Hubs namespace."
  value       = azurerm_eventhub_namespace.main.id
}

output "fully_qualified_namespace" {
  description = "Host of the namespace, for EVENTHUB_FULLY_QUALIFIED_NAMESPACE."
  value       = "${azurerm_eventhub_namespace.main.name}.servicebus.windows.net"
}

output "bootstrap_servers" {
  description = "Kafka endpoint of the namespace."
  value       = "${azurerm_eventhub_namespace.main.name}.servicebus.windows.net:9093"
}

output "hub_ids" {
  description = "Resource ids of the hubs by name, as scopes of role assignments."
  value       = { for name, hub in azurerm_eventhub.main : name => hub.id }
}

output "hubs" {
  description = "Partitions, retention in hours and whether Capture is on, by hub."
  value = { for name, hub in azurerm_eventhub.main : name => {
    partitions      = hub.partition_count
    retention_hours = hub.retention_description[0].retention_time_in_hours
    captured        = try(hub.capture_description[0].enabled, false)
    captured_by     = try(hub.capture_description[0].destination[0].storage_authentication_type, null)
  } }
}

output "consumer_groups" {
  description = "Consumer groups for readers that speak AMQP, as HUB/GROUP."
  value       = sort(keys(azurerm_eventhub_consumer_group.main))
}

output "posture" {
  description = "What the namespace lets in, for review and tests."
  value = {
    public_access        = azurerm_eventhub_namespace.main.public_network_access_enabled
    local_authentication = azurerm_eventhub_namespace.main.local_authentication_enabled
    default_action       = azurerm_eventhub_namespace.main.network_rulesets[0].default_action
    minimum_tls          = azurerm_eventhub_namespace.main.minimum_tls_version
    sku                  = azurerm_eventhub_namespace.main.sku
  }
}
