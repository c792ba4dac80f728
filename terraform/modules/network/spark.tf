# Databricks in a network of one's own ("VNet injection"): two subnets that it alone uses, without public addresses. It
# writes its own rules into the security group, so none are laid here.
resource "azurerm_network_security_group" "spark" {
  count = var.spark_subnets_enabled ? 1 : 0

  name                = var.context.names.security_group_spark
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags
}

resource "azurerm_subnet" "spark" {
  for_each = var.spark_subnets_enabled ? local.spark_ranges : {}

  name                            = var.context.names["subnet_spark_${each.key}"]
  resource_group_name             = var.context.resource_group_name
  virtual_network_name            = azurerm_virtual_network.main.name
  address_prefixes                = [each.value]
  default_outbound_access_enabled = false
  service_endpoints               = var.private_endpoints_enabled ? [] : ["Microsoft.Storage"]

  delegation {
    name = "databricks"

    service_delegation {
      name = "Microsoft.Databricks/workspaces"
      actions = [
        "Microsoft.Network/virtualNetworks/subnets/join/action",
        "Microsoft.Network/virtualNetworks/subnets/prepareNetworkPolicies/action",
        "Microsoft.Network/virtualNetworks/subnets/unprepareNetworkPolicies/action",
      ]
    }
  }
}

resource "azurerm_subnet_network_security_group_association" "spark" {
  for_each = azurerm_subnet.spark

  subnet_id                 = each.value.id
  network_security_group_id = azurerm_network_security_group.spark[0].id
}

resource "azurerm_subnet_nat_gateway_association" "spark" {
  for_each = azurerm_subnet.spark

  nat_gateway_id = azurerm_nat_gateway.main.id
  subnet_id      = each.value.id
}
