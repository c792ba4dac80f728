mock_provider "azurerm" {}

variables {
  context = {
    resource_group_name = "rg-outrider-test-weu"
    location            = "westeurope"
    tags                = {}
    names               = { eventhub_namespace = "evhns-outrider-test-weu-0000", capture_identity = "id-capture-outrider-test-weu" }
  }
  network_access = { public_access_enabled = true, allowed_ip_ranges = ["203.0.113.7"], allowed_subnet_ids = ["nodes"] }
  sku            = "Standard"
  capacity       = 2
  capture        = { storage_account_id = "account", container_id = "container", container_name = "raw-transactions" }
}

run "capture_writes_where_the_batch_path_reads" {
  command = plan

  assert {
    condition     = azurerm_eventhub.main["transactions"].capture_description[0].destination[0].archive_name_format == "{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}"
    error_message = "ETL and the local capture writer share this path format; it must not change."
  }

  assert {
    condition     = azurerm_eventhub.main["transactions"].capture_description[0].encoding == "Avro" && azurerm_eventhub.main["transactions"].capture_description[0].destination[0].blob_container_name == "raw-transactions"
    error_message = "Capture must write Avro to raw-transactions."
  }

  assert {
    condition     = azurerm_role_assignment.capture.scope == "container" && azurerm_role_assignment.capture.role_definition_name == "Storage Blob Data Contributor"
    error_message = "Capture's identity must be able to write to its container, and to that alone."
  }
}

run "only_listed_addresses_and_subnets_get_in" {
  command = plan

  assert {
    condition     = [for rule in azurerm_eventhub_namespace.main.network_rulesets[0].ip_rule : rule.ip_mask] == ["203.0.113.7"] && length(azurerm_eventhub_namespace.main.network_rulesets[0].virtual_network_rule) == 1
    error_message = "The namespace's rules are not the given ones."
  }
}

run "hubs_that_nobody_needs_can_be_left_out" {
  command = plan

  variables {
    ingress_enabled = false
  }

  assert {
    condition     = !contains(keys(output.hubs), "transactions-ingress")
    error_message = "transactions-ingress must be gone."
  }
}

run "readers_by_amqp_have_their_own_groups" {
  command = plan

  assert {
    condition     = output.consumer_groups == tolist(["alerts/case-management", "alerts/siem", "dead-letters/operations", "labels/analytics", "transactions/analytics"])
    error_message = "Unexpected consumer groups: ${jsonencode(output.consumer_groups)}."
  }
}

run "standard_inflates_up_to_its_maximum" {
  command = plan

  variables {
    maximum_throughput_units = 8
  }

  assert {
    condition     = azurerm_eventhub_namespace.main.auto_inflate_enabled && azurerm_eventhub_namespace.main.maximum_throughput_units == 8
    error_message = "Auto-inflate must be on."
  }
}

run "premium_does_not_inflate" {
  command = plan

  variables {
    sku                      = "Premium"
    maximum_throughput_units = 8
  }

  expect_failures = [var.maximum_throughput_units]
}

run "limits_of_standard_are_known" {
  command = plan

  variables {
    capacity        = 41
    partition_count = 33
    retention_hours = 169
  }

  expect_failures = [var.capacity, var.partition_count, var.retention_hours]
}

run "sizes_of_premium_are_known" {
  command = plan

  variables {
    sku      = "Premium"
    capacity = 3
  }

  expect_failures = [var.capacity]
}

run "premium_keeps_longer_in_more_partitions" {
  command = plan

  variables {
    sku             = "Premium"
    capacity        = 4
    partition_count = 100
    retention_hours = 2160
  }

  assert {
    condition     = output.hubs.alerts.partitions == 100 && output.hubs.alerts.retention_hours == 2160
    error_message = "Premium allows 100 partitions and 90 days."
  }
}

run "basic_is_refused" {
  command = plan

  variables {
    sku = "Basic"
  }

  expect_failures = [var.sku]
}
