locals {
  # A sixteenth of the range for nodes (pods live in an overlay and take none of it), small subnets for the rest.
  nodes_range     = cidrsubnet(var.address_space, 4, 0)
  endpoints_range = cidrsubnet(var.address_space, 6, 4)
  spark_ranges    = { host = cidrsubnet(var.address_space, 6, 5), container = cidrsubnet(var.address_space, 6, 6) }

  service_endpoints = ["Microsoft.EventHub", "Microsoft.KeyVault", "Microsoft.Storage"]
}

resource "azurerm_virtual_network" "main" {
  name                = var.context.names.virtual_network
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  address_space       = [var.address_space]
  tags                = var.context.tags
}

resource "azurerm_subnet" "nodes" {
  name                            = var.context.names.subnet_nodes
  resource_group_name             = var.context.resource_group_name
  virtual_network_name            = azurerm_virtual_network.main.name
  address_prefixes                = [local.nodes_range]
  default_outbound_access_enabled = false
  service_endpoints               = var.private_endpoints_enabled ? [] : local.service_endpoints
}

resource "azurerm_subnet" "endpoints" {
  name                            = var.context.names.subnet_endpoints
  resource_group_name             = var.context.resource_group_name
  virtual_network_name            = azurerm_virtual_network.main.name
  address_prefixes                = [local.endpoints_range]
  default_outbound_access_enabled = false
  # Without this a security group on the subnet would not apply to the private endpoints in it.
  private_endpoint_network_policies = "NetworkSecurityGroupEnabled"
}

# All that leaves the nodes has one known address, which partners can put on their allow lists.
resource "azurerm_public_ip" "nat" {
  name                = var.context.names.nat_address
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  allocation_method   = "Static"
  sku                 = "Standard"
  zones               = var.zones
  tags                = var.context.tags
}

resource "azurerm_nat_gateway" "main" {
  name                    = var.context.names.nat_gateway
  resource_group_name     = var.context.resource_group_name
  location                = var.context.location
  sku_name                = "Standard"
  idle_timeout_in_minutes = 10
  tags                    = var.context.tags
}

resource "azurerm_nat_gateway_public_ip_association" "main" {
  nat_gateway_id       = azurerm_nat_gateway.main.id
  public_ip_address_id = azurerm_public_ip.nat.id
}

resource "azurerm_subnet_nat_gateway_association" "nodes" {
  nat_gateway_id = azurerm_nat_gateway.main.id
  subnet_id      = azurerm_subnet.nodes.id
}
