mock_provider "azurerm" {}

variables {
  context = {
    resource_group_name = "rg-outrider-test-weu"
    location            = "westeurope"
    tags                = {}
    names               = { lake_account = "stoutridertestweu0000" }
  }
  network_access = { public_access_enabled = false }
  tenant_id      = "00000000-0000-0000-0000-000000000002"
  replication    = "ZRS"
}

run "age_alone_deletes_nothing_but_raw_events" {
  command = plan

  assert {
    condition = alltrue([for rule in azurerm_storage_management_policy.lake.rule :
      rule.filters[0].prefix_match == toset(["raw-transactions/"])
    if rule.actions[0].base_blob[0].delete_after_days_since_modification_greater_than != null])
    error_message = "A lifecycle rule would delete what a model may refer to."
  }

  assert {
    condition = alltrue([for rule in azurerm_storage_management_policy.lake.rule : alltrue([for prefix in rule.filters[0].prefix_match :
    !startswith(prefix, "models") && !startswith(prefix, "checkpoints")])])
    error_message = "No lifecycle rule may touch models or checkpoints."
  }

  assert {
    condition = alltrue([for rule in azurerm_storage_management_policy.lake.rule :
    rule.actions[0].base_blob[0].tier_to_archive_after_days_since_modification_greater_than == null])
    error_message = "A backtest cannot read the archive tier."
  }
}

run "hierarchy_goes_without_versioning_and_change_feed" {
  command = plan

  assert {
    condition     = azurerm_storage_account.lake.is_hns_enabled && azurerm_storage_account.lake.blob_properties[0].versioning_enabled != true && azurerm_storage_account.lake.blob_properties[0].change_feed_enabled != true
    error_message = "The service refuses versioning on a hierarchical namespace."
  }
}

run "what_is_deleted_can_be_restored" {
  command = plan

  assert {
    condition     = azurerm_storage_account.lake.blob_properties[0].delete_retention_policy[0].days == 14 && azurerm_storage_account.lake.blob_properties[0].container_delete_retention_policy[0].days == 14
    error_message = "Soft delete must be on for blobs and containers."
  }
}

run "raw_events_can_be_kept_for_good" {
  command = plan

  variables {
    raw_retention_days = null
  }

  assert {
    condition     = alltrue([for rule in azurerm_storage_management_policy.lake.rule : rule.actions[0].base_blob[0].delete_after_days_since_modification_greater_than == null])
    error_message = "Without a retention nothing may be deleted."
  }
}

run "capture_passes_the_firewall" {
  command = plan

  assert {
    condition     = azurerm_storage_account.lake.network_rules[0].bypass == toset(["AzureServices"]) && azurerm_storage_account.lake.network_rules[0].default_action == "Deny"
    error_message = "Event Hubs Capture must get in as a trusted service, and nobody unlisted."
  }
}

run "retention_must_outlast_the_move_to_cool" {
  command = plan

  variables {
    raw_retention_days = 30
    replication        = "WORLDWIDE"
    soft_delete_days   = 0
  }

  expect_failures = [var.raw_retention_days, var.replication, var.soft_delete_days]
}
