# Plans the whole environment against a mocked provider: nothing is created and no login is needed.
mock_provider "azurerm" {}

variables {
  subscription_id        = "00000000-0000-0000-0000-000000000001"
  tenant_id              = "00000000-0000-0000-0000-000000000002"
  owner                  = "fraud-platform"
  admin_group_object_ids = ["00000000-0000-0000-0000-000000000003"]
  alert_emails           = ["oncall@example.com"]
  budget                 = { amount = 1000, start = "2026-12-01" }
  client_ip_ranges       = ["10.1.0.0/16"]
}

run "names_and_tags_follow_the_rule" {
  command = plan

  assert {
    condition     = output.resource_group_name == "rg-outrider-prod-weu" && output.cluster_name == "aks-outrider-prod-weu"
    error_message = "Names must be TYPE-WORKLOAD-ENVIRONMENT-REGION: ${output.resource_group_name}, ${output.cluster_name}."
  }

  assert {
    condition     = output.tags["environment"] == "prod" && output.tags["owner"] == "fraud-platform"
    error_message = "Tags must name environment and owner: ${jsonencode(output.tags)}."
  }
}

run "hubs_have_32_partitions_and_keep_a_week" {
  command = plan

  assert {
    condition     = length(output.hubs) == 5 && alltrue([for hub in values(output.hubs) : hub.partitions == 32 && hub.retention_hours == 168])
    error_message = "Every hub must have 32 partitions and keep a week: ${jsonencode(output.hubs)}."
  }

  assert {
    condition     = output.hubs.transactions.captured && output.hubs.transactions.captured_by == "UserAssigned" && output.posture.stream.sku == "Premium"
    error_message = "Transactions must be captured by identity, on Premium."
  }
}

run "no_service_has_public_access" {
  command = plan

  # With every optional part, so that none brings an open door.
  variables {
    databricks_enabled   = true
    ml_endpoint_enabled  = true
    synapse              = { admin_group_name = "bi-admins", admin_group_object_id = "00000000-0000-0000-0000-000000000004" }
    synapse_sql_password = "a-password-nobody-uses"
  }

  assert {
    condition = alltrue([for open in [
      output.posture.stream.public_access,
      output.posture.lake.public_access,
      output.posture.vault.public_access,
      output.posture.cluster.registry_public_access,
      output.posture.ml.public_access,
      output.posture.ml.account_public_access,
      output.posture.ml.vault_public_access,
      output.posture.analytics.databricks_public_access,
      output.posture.analytics.synapse_public_access,
    ] : open == false])
    error_message = "A service answers on the internet: ${jsonencode(output.posture)}."
  }

  assert {
    condition     = output.posture.cluster.private_cluster
    error_message = "The API server must have a private address only."
  }

  assert {
    condition     = toset(output.private_endpoints) == toset(["blob", "databricks", "databricks-login", "dfs", "ml", "ml-blob", "ml-file", "ml-vault", "registry", "stream", "synapse-dev", "synapse-sql", "vault"])
    error_message = "Every closed service needs its private endpoint: ${jsonencode(output.private_endpoints)}."
  }

  assert {
    condition     = output.private_subresources["databricks"] == "databricks_ui_api" && output.private_subresources["databricks-login"] == "browser_authentication"
    error_message = "Whoever logs in to Databricks by a browser must be sent back privately: ${jsonencode(output.private_subresources)}."
  }
}

run "nothing_has_keys_or_local_accounts" {
  command = plan

  assert {
    condition     = !output.posture.stream.local_authentication && !output.posture.lake.shared_keys && !output.posture.ml.account_shared_keys && output.posture.ml.account_access == "Identity"
    error_message = "Event Hubs and storage must not accept keys."
  }

  assert {
    condition     = output.posture.cluster.local_accounts_disabled && output.posture.cluster.azure_rbac && !output.posture.cluster.registry_admin_enabled && !output.posture.cluster.registry_anonymous_pull
    error_message = "Cluster and registry must know Entra ID logins only."
  }

  assert {
    condition     = output.posture.vault.rbac && output.posture.vault.purge_protection
    error_message = "The vault must go by roles and keep what is deleted."
  }
}

run "it_survives_the_loss_of_a_zone" {
  command = plan

  assert {
    condition     = output.posture.lake.replication == "ZRS" && length(output.posture.cluster.system_pool_zones) == 3 && output.node_pools.live.minimum >= 3
    error_message = "Data and nodes must be spread over three zones."
  }

  assert {
    condition     = output.posture.cluster.sku_tier == "Standard" && output.posture.cluster.data_plane == "cilium" && output.posture.cluster.upgrade_channel == "patch"
    error_message = "The cluster must have an uptime agreement, Cilium and an upgrade channel."
  }

  assert {
    condition     = output.node_pools.live.priority == "Regular" && length(output.node_pools.live.taints) == 0 && contains(output.node_pools.batch.taints, "outrider.io/pool=batch:NoSchedule")
    error_message = "The live path needs nodes of its own: ${jsonencode(output.node_pools)}."
  }
}

run "parts_are_trusted_by_their_service_accounts" {
  command = plan

  assert {
    condition     = alltrue([for part in ["api", "batch", "detection", "rekey"] : output.service_accounts[part] == "system:serviceaccount:outrider:outrider-${part}"])
    error_message = "Unexpected service accounts: ${jsonencode(output.service_accounts)}."
  }

  assert {
    condition     = !anytrue([for key, role in output.roles : strcontains(role, "Owner")]) && !anytrue([for key in keys(output.roles) : contains(["detection writes erasures", "detection writes processed", "api writes states", "api sends alerts", "rekey sends alerts", "rekey writes states"], key)])
    error_message = "A part may do more than it does: ${jsonencode(output.roles)}."
  }
}

run "optional_parts_are_off" {
  command = plan

  assert {
    condition     = output.databricks_url == null && output.synapse_sql_endpoint == null && output.synapse_views_sql == null && output.ml_endpoint_name == null
    error_message = "Databricks, Synapse and the managed endpoint must be off unless asked for."
  }

  assert {
    condition     = !contains(keys(output.hubs), "scored-transactions") && !contains(keys(output.roles), "detection sends scored-transactions")
    error_message = "scored-transactions must be off unless asked for."
  }

  assert {
    condition     = toset(output.private_endpoints) == toset(["blob", "dfs", "ml", "ml-blob", "ml-file", "ml-vault", "registry", "stream", "vault"])
    error_message = "Private endpoints must be those of what is on: ${jsonencode(output.private_endpoints)}."
  }
}

run "what_matters_is_watched" {
  command = plan

  assert {
    condition = alltrue([for rule in ["stream-throttled", "stream-server-errors", "stream-user-errors", "stream-silent", "stream-busy", "capture-behind", "lake-unavailable", "lake-slow", "nodes-busy", "nodes-out-of-memory"] :
    contains(keys(output.alert_rules.metric), rule)])
    error_message = "A metric alert is missing: ${jsonencode(keys(output.alert_rules.metric))}."
  }

  assert {
    condition = alltrue([for rule in ["PartitionsWithoutOwner", "DecisionsLate", "AlertsLate", "EventsRejected", "CheckpointsStopped", "RunsRestarting", "AlertFlood", "AlertsChanged", "ModelsDiffer", "NothingProcessed", "NoNodeReady", "CrashLoop", "OutOfMemory"] :
    contains(keys(output.alert_rules.prometheus), rule)])
    error_message = "A Prometheus alert is missing: ${jsonencode(keys(output.alert_rules.prometheus))}."
  }

  assert {
    condition     = toset(keys(output.alert_rules.log)) == toset(["errors", "not-schedulable", "secrets-refused", "capture-failed"])
    error_message = "Unexpected log alerts: ${jsonencode(keys(output.alert_rules.log))}."
  }

  assert {
    condition     = output.alert_rules.prometheus.PartitionsWithoutOwner == 1 && output.alert_rules.prometheus.DecisionsLate == 1 && output.alert_rules.metric.stream-silent == 1
    error_message = "Events that wait must call somebody."
  }

  assert {
    condition     = toset(output.diagnosed) == toset(["stream", "lake", "vault", "registry", "cluster"])
    error_message = "Unexpected diagnostic settings: ${jsonencode(output.diagnosed)}."
  }

  assert {
    condition     = output.budget.amount == 1000 && toset(output.budget.resource_groups) == toset(["rg-outrider-prod-weu", "rg-aks-outrider-prod-weu"]) && output.alert_receivers.emails == 1
    error_message = "The budget must cover the nodes too, and somebody must get mail: ${jsonencode(output.budget)}."
  }
}
