mock_provider "azurerm" {}

variables {
  context = {
    resource_group_name = "rg-outrider-test-weu"
    location            = "westeurope"
    tags                = {}
    names = {
      ml_identity  = "id-outrider-ml-test-weu"
      ml_account   = "stoutridermltest0000"
      ml_key_vault = "kvoutridermltest0000"
      ml_workspace = "mlw-outrider-test-weu"
      ml_endpoint  = "outrider-test-weu-0000"
    }
  }
  network_access           = { public_access_enabled = false }
  tenant_id                = "00000000-0000-0000-0000-000000000002"
  application_insights_id  = "insights"
  registry_id              = "registry"
  lake                     = { account_id = "lake", container_id = "c-processed", models_container_id = "c-models" }
  purge_protection_enabled = true
}

run "nothing_is_open_and_no_key_is_shared" {
  command = plan

  assert {
    condition     = !output.posture.public_access && !output.posture.account_public_access && !output.posture.vault_public_access && !output.posture.account_shared_keys
    error_message = "The workspace, its account or its vault lets somebody in."
  }

  assert {
    condition     = output.posture.isolation == "AllowOnlyApprovedOutbound" && output.posture.account_access == "Identity"
    error_message = "A closed workspace must go out by approved ways only, and to its account by its identity."
  }

  assert {
    condition     = toset([for rule in azurerm_machine_learning_workspace_network_outbound_rule_private_endpoint.lake : rule.sub_resource_target]) == toset(["dfs", "blob"])
    error_message = "A closed workspace reaches the lake by private endpoints or not at all."
  }
}

run "over_the_lake_it_may_only_read_datasets_and_models" {
  command = plan

  assert {
    condition     = azurerm_role_assignment.workspace["datasets"].scope == "c-processed" && azurerm_role_assignment.workspace["datasets"].role_definition_name == "Storage Blob Data Reader"
    error_message = "The workspace reads datasets and writes nothing there."
  }

  assert {
    condition     = azurerm_role_assignment.workspace["models"].scope == "c-models" && azurerm_role_assignment.workspace["models"].role_definition_name == "Storage Blob Data Reader"
    error_message = "The workspace reads models and writes nothing there."
  }

  assert {
    condition     = output.models_datastore == "models" && azurerm_machine_learning_datastore_blobstorage.models.storage_container_id == "c-models" && azurerm_machine_learning_datastore_blobstorage.models.service_data_auth_identity == "WorkspaceUserAssignedIdentity"
    error_message = "Models are registered by their place in the lake, which the workspace reads as itself, with no key."
  }

  assert {
    condition     = [for key in keys(azurerm_role_assignment.workspace) : key if !startswith(key, "account") && !startswith(key, "vault")] == ["datasets", "insights", "lake-link", "models"]
    error_message = "The workspace has a role over something that is not its own."
  }

  assert {
    condition     = !contains(keys(azurerm_role_assignment.workspace), "registry")
    error_message = "Without an endpoint the registry is none of the workspace's business."
  }
}

run "without_a_wish_there_is_no_endpoint" {
  command = plan

  assert {
    condition     = output.endpoint_name == null && azurerm_machine_learning_workspace.main.container_registry_id == null
    error_message = "Nobody asked for an endpoint."
  }
}

run "an_endpoint_takes_tokens_only_and_is_as_closed_as_the_rest" {
  command = plan

  variables {
    endpoint_enabled = true
  }

  assert {
    condition     = output.endpoint_name == "outrider-test-weu-0000" && azurerm_role_assignment.workspace["registry"].scope == "registry"
    error_message = "The endpoint and its way to the registry are missing."
  }

  assert {
    condition     = jsondecode(azurerm_resource_group_template_deployment.endpoint[0].template_content).resources[0].properties.authMode == "AADToken" && jsondecode(azurerm_resource_group_template_deployment.endpoint[0].template_content).resources[0].properties.publicNetworkAccess == "Disabled"
    error_message = "The endpoint takes keys, or answers from outside."
  }
}

run "an_open_workspace_lets_in_only_whom_it_names" {
  command = plan

  variables {
    network_access = { public_access_enabled = true, allowed_ip_ranges = ["203.0.113.7"] }
  }

  assert {
    condition     = alltrue([for rules in azurerm_storage_account.workspace.network_rules : rules.default_action == "Deny" && contains(rules.ip_rules, "203.0.113.7")])
    error_message = "Open means for named addresses."
  }

  assert {
    condition     = output.posture.isolation == "Disabled" && length(azurerm_machine_learning_workspace_network_outbound_rule_private_endpoint.lake) == 0 && !contains(keys(azurerm_role_assignment.workspace), "lake-link")
    error_message = "An open workspace needs no private endpoint of its own."
  }
}
