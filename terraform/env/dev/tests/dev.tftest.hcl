# Plans the whole environment against a mocked provider: nothing is created and no login is needed.
mock_provider "azurerm" {
  # Known in the plan already, because the API server's list of addresses holds it.
  mock_resource "azurerm_public_ip" {
    override_during = plan
    defaults        = { ip_address = "192.0.2.1" }
  }

  # And so because outputs are built from them.
  mock_resource "azurerm_machine_learning_workspace" {
    override_during = plan
    defaults        = { id = "/subscriptions/mocked/workspaces/mlw" }
  }

  mock_resource "azurerm_databricks_workspace" {
    override_during = plan
    defaults        = { workspace_url = "adb-1.azuredatabricks.net" }
  }
}

variables {
  subscription_id        = "00000000-0000-0000-0000-000000000001"
  tenant_id              = "00000000-0000-0000-0000-000000000002"
  owner                  = "fraud-platform"
  admin_group_object_ids = ["00000000-0000-0000-0000-000000000003"]
  alert_emails           = ["oncall@example.com"]
  budget                 = { amount = 1000, start = "2026-12-01" }
  allowed_ip_ranges      = ["203.0.113.7", "198.51.100.0/28"]
}

run "names_follow_the_rule" {
  command = plan

  assert {
    condition     = output.resource_group_name == "rg-outrider-dev-weu" && output.cluster_name == "aks-outrider-dev-weu"
    error_message = "Names must be TYPE-WORKLOAD-ENVIRONMENT-REGION: ${output.resource_group_name}, ${output.cluster_name}."
  }

  assert {
    condition     = can(regex("^https://stoutriderdevweu[0-9a-f]{4}\\.blob\\.core\\.windows\\.net$", output.storage_account_url))
    error_message = "The lake's address must be built from its name: ${output.storage_account_url}."
  }

  assert {
    condition     = can(regex("^evhns-outrider-dev-weu-[0-9a-f]{4}\\.servicebus\\.windows\\.net:9093$", output.kafka_bootstrap_servers))
    error_message = "The Kafka endpoint must be built from the namespace's name: ${output.kafka_bootstrap_servers}."
  }

  assert {
    condition     = output.tags["workload"] == "outrider" && output.tags["environment"] == "dev" && output.tags["owner"] == "fraud-platform" && output.tags["managed-by"] == "terraform"
    error_message = "Tags must name workload, environment, owner and terraform: ${jsonencode(output.tags)}."
  }
}

run "hubs_are_the_six_topics_less_the_optional_one" {
  command = plan

  assert {
    condition     = toset(keys(output.hubs)) == toset(["transactions", "alerts", "labels", "dead-letters", "transactions-ingress"])
    error_message = "Unexpected hubs: ${jsonencode(keys(output.hubs))}."
  }

  assert {
    condition     = alltrue([for hub in values(output.hubs) : hub.partitions == 32 && hub.retention_hours == 72])
    error_message = "Every hub must have 32 partitions and keep three days: ${jsonencode(output.hubs)}."
  }

  assert {
    condition     = toset([for name, hub in output.hubs : name if hub.captured]) == toset(["transactions", "alerts", "labels"]) && alltrue([for hub in values(output.hubs) : hub.captured_by == "UserAssigned" if hub.captured])
    error_message = "Transactions, alerts and labels, and they alone, must be captured, by identity."
  }

  assert {
    condition     = toset(values(output.containers)) == toset(["raw-transactions", "processed-transactions", "alerts", "models", "checkpoints", "erasures", "runs", "tracking", "backtests"])
    error_message = "Unexpected containers: ${jsonencode(output.containers)}."
  }
}

run "nothing_has_keys_and_only_listed_addresses_get_in" {
  command = plan

  assert {
    condition     = !output.posture.stream.local_authentication && !output.posture.lake.shared_keys && !output.posture.lake.anonymous_read && !output.posture.ml.account_shared_keys
    error_message = "Event Hubs and storage must not accept keys: ${jsonencode(output.posture)}."
  }

  assert {
    condition     = output.posture.stream.default_action == "Deny" && output.posture.lake.default_action == "Deny" && output.posture.vault.default_action == "Deny"
    error_message = "What is not listed must be denied."
  }

  assert {
    condition     = toset(output.posture.cluster.authorized_ip_ranges) == toset(["203.0.113.7/32", "198.51.100.0/28", "192.0.2.1/32"])
    error_message = "The API server must answer the developers and the nodes' own outbound address, and nobody else."
  }

  assert {
    condition     = output.posture.cluster.local_accounts_disabled && output.posture.cluster.azure_rbac && output.posture.cluster.workload_identity && !output.posture.cluster.registry_admin_enabled
    error_message = "The cluster must know Entra ID logins only, the registry no administrator."
  }

  assert {
    condition     = length(output.private_endpoints) == 0
    error_message = "Development has no private endpoints: ${jsonencode(output.private_endpoints)}."
  }
}

run "parts_have_their_roles_and_no_others" {
  command = plan

  assert {
    condition = toset(keys(output.roles)) == toset([
      "api receives alerts", "api receives labels", "api sends labels", "api sends transactions",
      "api reads alerts", "api reads backtests", "api reads processed", "api reads raw", "api reads states", "api writes erasures", "api writes models",
      "batch receives alerts", "batch receives dead-letters", "batch receives labels", "batch receives transactions",
      "batch sends dead-letters", "batch sends labels", "batch sends transactions",
      "batch reads raw", "batch writes alerts", "batch writes backtests", "batch writes erasures", "batch writes models", "batch writes processed", "batch writes runs",
      "batch writes states", "batch writes tracking",
      "detection receives alerts", "detection receives labels", "detection receives transactions", "detection sends alerts",
      "detection sends dead-letters",
      "detection reads alerts", "detection reads erasures", "detection writes models", "detection writes states",
      "rekey receives dead-letters", "rekey receives transactions", "rekey receives transactions-ingress", "rekey sends dead-letters",
      "rekey sends transactions",
    ])
    error_message = "The roles have changed; change this list only with a reason: ${jsonencode(keys(output.roles))}."
  }

  assert {
    condition = alltrue([for key, role in output.roles : role == (
      strcontains(key, " receives ") ? "Azure Event Hubs Data Receiver" :
      strcontains(key, " sends ") ? "Azure Event Hubs Data Sender" :
      strcontains(key, " reads ") ? "Storage Blob Data Reader" : "Storage Blob Data Contributor"
    )])
    error_message = "A role does not do what its key says: ${jsonencode(output.roles)}."
  }

  assert {
    condition = output.service_accounts == {
      api       = "system:serviceaccount:outrider:outrider-api"
      batch     = "system:serviceaccount:outrider:outrider-batch"
      detection = "system:serviceaccount:outrider:outrider-detection"
      rekey     = "system:serviceaccount:outrider:outrider-rekey"
      keda      = "system:serviceaccount:kube-system:keda-operator"
    }
    error_message = "Unexpected service accounts: ${jsonencode(output.service_accounts)}."
  }
}

run "optional_parts_are_off" {
  command = plan

  assert {
    condition     = length(output.vault_readers) == 0
    error_message = "Nobody must read the vault unless asked for: ${jsonencode(output.vault_readers)}."
  }

  assert {
    condition     = output.databricks_url == null && output.synapse_sql_endpoint == null && output.ml_endpoint_name == null && output.pipeline_client_id == null
    error_message = "Databricks, Synapse, the managed endpoint and the pipeline must be off unless asked for."
  }

  assert {
    condition     = output.mlflow_tracking_uri == "azureml://westeurope.api.azureml.ms/mlflow/v1.0/subscriptions/mocked/workspaces/mlw"
    error_message = "The tracking address must be Azure ML's: ${output.mlflow_tracking_uri}."
  }

  assert {
    condition     = output.mlflow_azure_datastore == "models"
    error_message = "Models must be registered from the lake."
  }
}

run "optional_parts_can_be_switched_on" {
  command = plan

  variables {
    scored_transactions_enabled = true
    ml_endpoint_enabled         = true
    databricks_enabled          = true
    synapse                     = { admin_group_name = "bi-admins", admin_group_object_id = "00000000-0000-0000-0000-000000000004" }
    synapse_sql_password        = "a-password-nobody-uses"
    github_repository           = "acme/outrider"
    vault_readers_enabled       = true
  }

  assert {
    condition     = output.vault_readers == tolist(["api", "batch", "detection", "rekey"])
    error_message = "Every part must be able to read its secrets: ${jsonencode(output.vault_readers)}."
  }

  assert {
    condition     = output.hubs["scored-transactions"].partitions == 32 && contains(keys(output.roles), "detection sends scored-transactions") && contains(keys(output.roles), "batch receives scored-transactions")
    error_message = "scored-transactions must come with the roles that fill and keep it."
  }

  assert {
    condition     = output.databricks_url != null && output.databricks_roles == { raw = "Storage Blob Data Reader", alerts = "Storage Blob Data Reader", processed = "Storage Blob Data Contributor" }
    error_message = "The Spark job must read raw events and alerts and write datasets: ${jsonencode(output.databricks_roles)}."
  }

  assert {
    condition     = output.posture.analytics.databricks_public_addresses == false && output.posture.analytics.synapse_entra_only == true
    error_message = "Spark nodes must have no public addresses, Synapse no SQL logins."
  }

  assert {
    condition     = strcontains(output.synapse_views_sql, "CREATE OR ALTER VIEW transactions") && strcontains(output.synapse_views_sql, ".dfs.core.windows.net/processed-transactions'") && !strcontains(output.synapse_views_sql, "$${")
    error_message = "The views' statements must name the lake."
  }

  assert {
    condition     = startswith(output.ml_endpoint_name, "score-outrider-dev-weu-")
    error_message = "The managed endpoint is missing."
  }

  assert {
    condition     = output.pipeline_subject == "repo:acme/outrider:environment:dev" && output.posture.cluster.run_command
    error_message = "The pipeline must be trusted for its repository and environment only, and have a way in: ${output.pipeline_subject}."
  }
}

run "machine_learning_can_be_switched_off" {
  command = plan

  variables {
    ml_enabled = false
  }

  assert {
    condition     = output.mlflow_tracking_uri == null && output.posture.ml == null
    error_message = "Nothing of Azure ML must be left."
  }
}

run "alerts_reach_somebody_and_silence_is_no_incident" {
  command = plan

  variables {
    operations_webhook_url = "https://chat.example.com/hooks/1"
    alert_webhooks         = { pager = "https://pager.example.com/1" }
  }

  assert {
    condition     = output.alert_receivers == { emails = 1, webhooks = 1, logic_apps = 1, chats = 1 }
    error_message = "Mail, webhook, Logic App and chat must each receive: ${jsonencode(output.alert_receivers)}."
  }

  assert {
    condition     = !contains(keys(output.alert_rules.metric), "stream-silent") && !contains(keys(output.alert_rules.prometheus), "NothingProcessed")
    error_message = "In development nobody is called because nothing is sent."
  }

  assert {
    condition     = output.budget.amount == 1000 && toset(output.budget.thresholds) == toset([80, 100])
    error_message = "The budget must warn at 80 and 100 percent: ${jsonencode(output.budget)}."
  }
}

run "somebody_must_be_let_in" {
  command = plan

  variables {
    allowed_ip_ranges = []
  }

  expect_failures = [var.allowed_ip_ranges]
}
