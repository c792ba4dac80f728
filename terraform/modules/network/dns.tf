resource "azurerm_private_dns_zone" "main" {
  for_each = var.private_endpoints_enabled ? var.private_dns_zones : {}

  name                = each.value
  resource_group_name = var.context.resource_group_name
  tags                = var.context.tags
}

resource "azurerm_private_dns_zone_virtual_network_link" "main" {
  for_each = azurerm_private_dns_zone.main

  name                  = "link-${each.key}"
  resource_group_name   = var.context.resource_group_name
  private_dns_zone_name = each.value.name
  virtual_network_id    = azurerm_virtual_network.main.id
  registration_enabled  = false
  tags                  = var.context.tags
}
