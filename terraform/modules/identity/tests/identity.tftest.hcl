mock_provider "azurerm" {}

variables {
  context = {
    resource_group_name = "rg-outrider-test-weu"
    location            = "westeurope"
    tags                = {}
    names               = { workload_identity = "id-outrider-test-weu", key_vault = "kvoutridertestweu0000", cluster = "aks-outrider-test-weu" }
  }
  network_access           = { public_access_enabled = false }
  tenant_id                = "00000000-0000-0000-0000-000000000002"
  oidc_issuer_url          = "https://issuer.example.com/"
  kubernetes_namespace     = "fraud"
  hub_ids                  = { transactions = "hub-transactions", alerts = "hub-alerts", labels = "hub-labels", dead-letters = "hub-dead-letters" }
  container_ids            = { raw = "c-raw", processed = "c-processed", alerts = "c-alerts", models = "c-models", states = "c-states", erasures = "c-erasures", runs = "c-runs", tracking = "c-tracking", backtests = "c-backtests" }
  prometheus_workspace_id  = "prometheus"
  resource_group_id        = "group"
  cluster_id               = "cluster"
  registry_id              = "registry"
  purge_protection_enabled = true
}

run "each_part_is_trusted_in_its_namespace_only" {
  command = plan

  assert {
    condition = alltrue([for part, credential in azurerm_federated_identity_credential.part :
    credential.subject == "system:serviceaccount:fraud:outrider-${part}" && credential.issuer == "https://issuer.example.com/" && credential.audience == tolist(["api://AzureADTokenExchange"])])
    error_message = "A federated credential trusts somebody else."
  }
}

run "roles_are_given_on_single_hubs_and_containers" {
  command = plan

  assert {
    condition     = alltrue([for assignment in azurerm_role_assignment.part : contains(concat(values(var.hub_ids), values(var.container_ids)), assignment.scope)])
    error_message = "A role reaches further than one hub or one container."
  }

  assert {
    condition     = alltrue([for key, assignment in azurerm_role_assignment.part : endswith(assignment.scope, element(split(" ", key), 2))])
    error_message = "A role stands on another resource than its key says."
  }

  assert {
    condition     = azurerm_role_assignment.keda.scope == "prometheus" && azurerm_role_assignment.keda.role_definition_name == "Monitoring Data Reader"
    error_message = "KEDA must be able to read metrics."
  }
}

run "the_officers_alone_have_the_vault" {
  command = plan

  variables {
    secret_officer_group_ids = ["00000000-0000-0000-0000-000000000003"]
  }

  assert {
    condition     = [for assignment in azurerm_role_assignment.secret_officers : assignment.role_definition_name] == ["Key Vault Secrets Officer"]
    error_message = "The groups must be able to write secrets, and not to give rights."
  }
}

run "no_part_reads_the_vault_unless_asked_to" {
  command = plan

  assert {
    condition     = length(output.vault_readers) == 0
    error_message = "Nobody asked for readers: ${jsonencode(output.vault_readers)}."
  }
}

run "parts_read_secrets_and_write_none" {
  command = plan

  variables {
    vault_readers_enabled = true
  }

  assert {
    condition     = output.vault_readers == tolist(["api", "batch", "detection", "rekey"]) && alltrue([for assignment in azurerm_role_assignment.vault_readers : assignment.role_definition_name == "Key Vault Secrets User"])
    error_message = "Every part, and none beyond reading: ${jsonencode(output.vault_readers)}."
  }
}

run "a_hub_that_is_off_gives_no_role" {
  command = plan

  assert {
    condition     = !contains(keys(output.roles), "rekey receives transactions-ingress") && !contains(keys(output.roles), "detection sends scored-transactions")
    error_message = "There is no such hub to give a role on."
  }
}

run "without_a_repository_there_is_no_pipeline" {
  command = plan

  assert {
    condition     = output.pipeline_subject == null && length(azurerm_role_assignment.pipeline) == 0 && length(azurerm_role_definition.deployer) == 0
    error_message = "Nobody asked for a pipeline."
  }
}

run "the_pipeline_stays_in_its_namespace" {
  command = plan

  variables {
    github = { repository = "acme/outrider", environment = "prod" }
  }

  assert {
    condition     = output.pipeline_subject == "repo:acme/outrider:environment:prod" && azurerm_role_assignment.pipeline["namespace"].scope == "cluster/namespaces/fraud" && azurerm_role_assignment.pipeline_cluster[0].scope == "cluster"
    error_message = "The pipeline must be limited to its environment and namespace."
  }

  assert {
    condition     = { for key, assignment in azurerm_role_assignment.pipeline : key => assignment.role_definition_name } == { namespace = "Azure Kubernetes Service RBAC Admin", push = "AcrPush", import = "Container Registry Data Importer and Data Reader" }
    error_message = "The pipeline installs charts and brings images in, and may neither change the namespace itself nor anything beyond it."
  }
}

run "the_pipeline_may_run_commands_and_ask_what_became_of_them" {
  command = plan

  variables {
    github = { repository = "acme/outrider", environment = "prod" }
  }

  assert {
    condition = toset(azurerm_role_definition.deployer[0].permissions[0].actions) == toset([
      "Microsoft.ContainerService/managedClusters/read",
      "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
      "Microsoft.ContainerService/managedClusters/runCommand/action",
      "Microsoft.ContainerService/managedClusters/commandResults/read",
    ])
    error_message = "A roll-out takes longer than starting it does: it is started with runCommand and asked for by commandResults."
  }
}

run "training_may_log_its_runs_where_there_is_a_workspace" {
  command = plan

  variables {
    ml_workspace = { id = "mlw" }
  }

  assert {
    condition     = azurerm_role_assignment.tracking[0].scope == "mlw" && azurerm_role_assignment.tracking[0].role_definition_name == "AzureML Data Scientist"
    error_message = "Batch must be able to log runs."
  }
}

run "mistakes_are_refused" {
  command = plan

  variables {
    github               = { repository = "outrider", environment = "prod" }
    kubernetes_namespace = "Fraud_Prod"
  }

  expect_failures = [var.github, var.kubernetes_namespace]
}
