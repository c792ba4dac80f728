mock_provider "azurerm" {}

variables {
  context = {
    resource_group_name = "rg-outrider-test-weu"
    location            = "westeurope"
    tags                = {}
    names = {
      databricks                = "dbw-outrider-test-weu"
      databricks_connector      = "dbac-outrider-test-weu"
      databricks_resource_group = "rg-outrider-dbw-test-weu"
      synapse                   = "synoutridertest0000"
    }
  }
  network_access = { public_access_enabled = false }
  tenant_id      = "00000000-0000-0000-0000-000000000002"
  lake = {
    dfs_url       = "https://lake.dfs.core.windows.net"
    containers    = { processed = "processed", alerts = "alerts", raw = "raw" }
    container_ids = { processed = "c-processed", alerts = "c-alerts", raw = "c-raw", states = "c-states", erasures = "c-erasures" }
  }
}

run "by_default_there_is_nothing" {
  command = plan

  assert {
    condition     = output.databricks_workspace_id == null && output.synapse_workspace_id == null && output.synapse_views_sql == null && length(output.databricks_roles) == 0
    error_message = "Both are behind flags that are off."
  }
}

run "spark_runs_in_our_network_and_writes_datasets_only" {
  command = plan

  variables {
    databricks_enabled          = true
    databricks_job_principal_id = "00000000-0000-0000-0000-00000000000f"
    spark_network = {
      virtual_network_id       = "network"
      subnet_ids               = ["host", "container"]
      host_subnet_name         = "snet-host"
      container_subnet_name    = "snet-container"
      host_association_id      = "host-rules"
      container_association_id = "container-rules"
    }
  }

  assert {
    condition     = !output.posture.databricks_public_access && !output.posture.databricks_public_addresses
    error_message = "Databricks must have no public way in and no public addresses."
  }

  assert {
    condition     = azurerm_databricks_workspace.main[0].custom_parameters[0].virtual_network_id == "network" && azurerm_databricks_workspace.main[0].custom_parameters[0].public_subnet_name == "snet-host" && azurerm_databricks_workspace.main[0].custom_parameters[0].private_subnet_name == "snet-container"
    error_message = "Databricks runs in other subnets than those made for it."
  }

  assert {
    condition     = jsonencode(output.databricks_roles) == jsonencode({ raw = "Storage Blob Data Reader", alerts = "Storage Blob Data Reader", processed = "Storage Blob Data Contributor" })
    error_message = "The connector reads captured events and verdicts and writes datasets, nothing else."
  }

  assert {
    condition     = jsonencode(output.databricks_job_roles) == jsonencode({ raw = "Storage Blob Data Reader", states = "Storage Blob Data Reader", erasures = "Storage Blob Data Reader", processed = "Storage Blob Data Contributor" }) && alltrue([for container, assignment in azurerm_role_assignment.spark_job : assignment.scope == "c-${container}" && assignment.principal_id == "00000000-0000-0000-0000-00000000000f"])
    error_message = "The job reads captured events, what was in force and who is erased, and writes datasets, nothing else."
  }

  assert {
    condition     = alltrue([for container, assignment in azurerm_role_assignment.spark : assignment.scope == "c-${container}"])
    error_message = "A role stands on another container than its key says."
  }
}

run "reports_read_two_containers_by_entra_id_only" {
  command = plan

  variables {
    synapse              = { admin_group_name = "reports", admin_group_object_id = "00000000-0000-0000-0000-000000000003" }
    synapse_sql_password = "sixteen-characters-or-more"
  }

  assert {
    condition     = output.posture.synapse_entra_only && !output.posture.synapse_public_access && length(azurerm_synapse_firewall_rule.clients) == 0
    error_message = "Synapse must take Entra ID logins only, and nobody from outside."
  }

  assert {
    condition     = toset([for assignment in azurerm_role_assignment.synapse : "${assignment.role_definition_name} ${assignment.scope}"]) == toset(["Storage Blob Data Reader c-processed", "Storage Blob Data Reader c-alerts"])
    error_message = "Reports read datasets and alerts."
  }

  assert {
    condition     = strcontains(output.synapse_views_sql, "CREATE") && strcontains(output.synapse_views_sql, "https://lake.dfs.core.windows.net/processed") && strcontains(output.synapse_views_sql, "https://lake.dfs.core.windows.net/alerts")
    error_message = "The views read another lake."
  }

  # Units of a dataset that was declared with a label delay begin otherwise than those of a partition; and docs/bi.md asks for row_count.
  assert {
    condition     = strcontains(output.synapse_views_sql, "('*/data/p*/event_date=*/*.parquet', '*/data/all-*/event_date=*/*.parquet')") && strcontains(output.synapse_views_sql, "f.row_count")
    error_message = "The views leave files out, or name columns otherwise than the questions do."
  }

  # They are run again whenever a column was added.
  assert {
    condition     = length(regexall("(?m)^ *CREATE ", output.synapse_views_sql)) == length(regexall("IF NOT EXISTS \\([^\n]*\n  CREATE |(?m)^CREATE OR ALTER VIEW", output.synapse_views_sql))
    error_message = "A second run must find nothing in its way."
  }

  assert {
    condition     = strcontains(output.synapse_views_sql, "'*/manifest.json'") && strcontains(output.synapse_views_sql, "FROM alert_files")
    error_message = "Alerts that were merged into another file would count twice."
  }
}

run "named_addresses_become_firewall_rules" {
  command = plan

  variables {
    network_access       = { public_access_enabled = true, allowed_ip_ranges = ["203.0.113.0/30", "198.51.100.9"] }
    synapse              = { admin_group_name = "reports", admin_group_object_id = "00000000-0000-0000-0000-000000000003" }
    synapse_sql_password = "sixteen-characters-or-more"
  }

  assert {
    condition     = azurerm_synapse_firewall_rule.clients["203.0.113.0/30"].start_ip_address == "203.0.113.0" && azurerm_synapse_firewall_rule.clients["203.0.113.0/30"].end_ip_address == "203.0.113.3"
    error_message = "A range must be let in from its first to its last address."
  }

  assert {
    condition     = azurerm_synapse_firewall_rule.clients["198.51.100.9"].start_ip_address == "198.51.100.9" && azurerm_synapse_firewall_rule.clients["198.51.100.9"].end_ip_address == "198.51.100.9"
    error_message = "A single address is a range of one."
  }
}

run "a_short_password_is_refused" {
  command = plan

  variables {
    synapse              = { admin_group_name = "reports", admin_group_object_id = "00000000-0000-0000-0000-000000000003" }
    synapse_sql_password = "short"
  }

  expect_failures = [var.synapse_sql_password]
}
