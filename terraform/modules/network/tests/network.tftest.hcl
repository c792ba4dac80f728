mock_provider "azurerm" {}

variables {
  context = {
    resource_group_name = "rg-outrider-test-weu"
    location            = "westeurope"
    tags                = {}
    names = {
      virtual_network      = "vnet", subnet_nodes = "snet-nodes", subnet_endpoints = "snet-endpoints", subnet_spark_host = "snet-spark-host", subnet_spark_container = "snet-spark-container",
      security_group_nodes = "nsg-nodes", security_group_endpoint = "nsg-endpoints", security_group_spark = "nsg-spark", nat_gateway = "ng", nat_address = "pip-ng"
    }
  }
  private_endpoints_enabled = true
  private_dns_zones         = { blob = "privatelink.blob.core.windows.net" }
}

run "subnets_do_not_overlap" {
  command = plan

  variables {
    spark_subnets_enabled = true
  }

  assert {
    condition     = azurerm_subnet.nodes.address_prefixes == tolist(["10.40.0.0/20"]) && azurerm_subnet.endpoints.address_prefixes == tolist(["10.40.16.0/22"])
    error_message = "Nodes and endpoints: ${jsonencode(azurerm_subnet.nodes.address_prefixes)}, ${jsonencode(azurerm_subnet.endpoints.address_prefixes)}."
  }

  assert {
    condition     = azurerm_subnet.spark["host"].address_prefixes == tolist(["10.40.20.0/22"]) && azurerm_subnet.spark["container"].address_prefixes == tolist(["10.40.24.0/22"])
    error_message = "Databricks' subnets: ${jsonencode([for subnet in azurerm_subnet.spark : subnet.address_prefixes])}."
  }
}

run "nothing_comes_in_from_the_internet" {
  command = plan

  assert {
    condition     = azurerm_network_security_rule.no_internet.access == "Deny" && azurerm_network_security_rule.no_internet.source_address_prefix == "Internet" && length(azurerm_network_security_rule.ingress) == 0
    error_message = "The internet must be denied unless ranges are listed."
  }
}

run "endpoints_answer_the_nodes_and_listed_ranges_only" {
  command = plan

  variables {
    client_ip_ranges = ["10.1.0.0/16"]
  }

  assert {
    condition     = azurerm_network_security_rule.endpoint_clients.source_address_prefixes == toset(["10.40.0.0/20", "10.1.0.0/16"]) && contains(azurerm_network_security_rule.endpoint_clients.destination_port_ranges, "9093")
    error_message = "Unexpected clients: ${jsonencode(azurerm_network_security_rule.endpoint_clients.source_address_prefixes)}."
  }

  assert {
    condition     = azurerm_network_security_rule.endpoint_others.priority > azurerm_network_security_rule.endpoint_clients.priority && azurerm_subnet.endpoints.private_endpoint_network_policies == "NetworkSecurityGroupEnabled"
    error_message = "The rules must apply to private endpoints, and the denial last."
  }
}

run "without_private_endpoints_there_are_service_endpoints" {
  command = plan

  variables {
    private_endpoints_enabled = false
  }

  assert {
    condition     = length(azurerm_private_dns_zone.main) == 0 && contains(azurerm_subnet.nodes.service_endpoints, "Microsoft.EventHub")
    error_message = "One of the two ways must be there."
  }
}

run "ranges_are_checked" {
  command = plan

  variables {
    address_space     = "10.40.0.0/24"
    ingress_ip_ranges = ["0.0.0.0/0"]
    client_ip_ranges  = ["office"]
  }

  expect_failures = [var.address_space, var.ingress_ip_ranges, var.client_ip_ranges]
}
