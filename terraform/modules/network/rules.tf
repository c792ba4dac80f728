resource "azurerm_network_security_group" "nodes" {
  name                = var.context.names.security_group_nodes
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags
}

resource "azurerm_network_security_rule" "ingress" {
  count = length(var.ingress_ip_ranges) > 0 ? 1 : 0

  name                        = "allow-https-from-listed-ranges"
  description                 = "HTTPS to a public load balancer of the cluster."
  resource_group_name         = var.context.resource_group_name
  network_security_group_name = azurerm_network_security_group.nodes.name
  priority                    = 200
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_address_prefixes     = var.ingress_ip_ranges
  source_port_range           = "*"
  destination_address_prefix  = "*"
  destination_port_range      = "443"
}

# The default rules deny this too, at the very end. Said here, it stays so when somebody adds a wider rule behind it.
resource "azurerm_network_security_rule" "no_internet" {
  name                        = "deny-internet"
  description                 = "Nothing else comes in from the internet."
  resource_group_name         = var.context.resource_group_name
  network_security_group_name = azurerm_network_security_group.nodes.name
  priority                    = 4000
  direction                   = "Inbound"
  access                      = "Deny"
  protocol                    = "*"
  source_address_prefix       = "Internet"
  source_port_range           = "*"
  destination_address_prefix  = "*"
  destination_port_range      = "*"
}

resource "azurerm_subnet_network_security_group_association" "nodes" {
  subnet_id                 = azurerm_subnet.nodes.id
  network_security_group_id = azurerm_network_security_group.nodes.id
}

resource "azurerm_network_security_group" "endpoints" {
  name                = var.context.names.security_group_endpoint
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags
}

resource "azurerm_network_security_rule" "endpoint_clients" {
  name                        = "allow-clients"
  description                 = "HTTPS, Kafka, AMQP and SQL from the nodes, from Spark and from the listed private ranges."
  resource_group_name         = var.context.resource_group_name
  network_security_group_name = azurerm_network_security_group.endpoints.name
  priority                    = 200
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_address_prefixes     = concat([local.nodes_range], var.spark_subnets_enabled ? values(local.spark_ranges) : [], var.client_ip_ranges)
  source_port_range           = "*"
  destination_address_prefix  = "*"
  destination_port_ranges     = ["443", "1433", "5671", "5672", "9093"]
}

resource "azurerm_network_security_rule" "endpoint_others" {
  name                        = "deny-others"
  description                 = "Nobody else, not even from within the network."
  resource_group_name         = var.context.resource_group_name
  network_security_group_name = azurerm_network_security_group.endpoints.name
  priority                    = 4000
  direction                   = "Inbound"
  access                      = "Deny"
  protocol                    = "*"
  source_address_prefix       = "*"
  source_port_range           = "*"
  destination_address_prefix  = "*"
  destination_port_range      = "*"
}

resource "azurerm_subnet_network_security_group_association" "endpoints" {
  subnet_id                 = azurerm_subnet.endpoints.id
  network_security_group_id = azurerm_network_security_group.endpoints.id
}
