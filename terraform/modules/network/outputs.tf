output "virtual_network_id" {
  description = "The virtual network."
  value       = azurerm_virtual_network.main.id
}

output "nodes_subnet_id" {
  description = "Subnet of the cluster's nodes. It can be used once its way out exists: wait for nat_ready."
  value       = azurerm_subnet.nodes.id
}

output "nat_ready" {
  description = "Known when the nodes' subnet has its way out; a cluster that brings its own NAT gateway must not start before."
  value       = azurerm_subnet_nat_gateway_association.nodes.id
}

output "endpoints_subnet_id" {
  description = "Subnet of the private endpoints."
  value       = azurerm_subnet.endpoints.id
}

output "outbound_ip" {
  description = "Address under which the cluster appears on the internet."
  value       = azurerm_public_ip.nat.ip_address
}

output "private_dns_zone_ids" {
  description = "DNS zones of the private endpoints, by the given keys; empty without private endpoints."
  value       = { for key, zone in azurerm_private_dns_zone.main : key => zone.id }
}

output "spark" {
  description = "What Databricks needs of its subnets; null without them."
  value = !var.spark_subnets_enabled ? null : {
    virtual_network_id       = azurerm_virtual_network.main.id
    subnet_ids               = [for subnet in azurerm_subnet.spark : subnet.id]
    host_subnet_name         = azurerm_subnet.spark["host"].name
    container_subnet_name    = azurerm_subnet.spark["container"].name
    host_association_id      = azurerm_subnet_network_security_group_association.spark["host"].id
    container_association_id = azurerm_subnet_network_security_group_association.spark["container"].id
  }
}
