mock_provider "azurerm" {}

variables {
  context = {
    resource_group_name = "rg-outrider-test-weu"
    location            = "westeurope"
    tags                = {}
    names = {
      log_workspace = "log", application_insights = "appi", prometheus_workspace = "amw", collection_endpoint = "dce", collection_rule = "dcr",
      action_group  = "ag", alert = "alert", logic_app = "logic", logic_app_cases = "logic-cases", budget = "budget"
    }
  }
  subscription_id          = "00000000-0000-0000-0000-000000000001"
  budgeted_resource_groups = ["rg", "rg-nodes"]
  kubernetes_namespace     = "fraud"
  partition_count          = 32
  targets                  = { namespace_id = "namespace", premium = true, account_id = "account", cluster_id = "cluster" }
  diagnostics              = { stream = { resource_id = "namespace", category_groups = ["allLogs"] } }
  alert_emails             = ["oncall@example.com"]
  outbound_ip              = "203.0.113.7"
  expect_traffic           = true
  budget                   = { amount = 100, start = "2026-12-01" }
}

run "rules_use_only_metrics_that_outrider_serves" {
  command = plan

  assert {
    condition = length(setsubtract(
      flatten([for group in azurerm_monitor_alert_prometheus_rule_group.alerts : [for rule in group.rule : regexall("\\boutrider_[a-z_]+", rule.expression)]]),
      [
        "outrider_alert_latency_seconds_bucket", "outrider_alerts_total", "outrider_challengers_given_up_total", "outrider_checkpoints_total", "outrider_dead_letters_total",
        "outrider_decision_latency_seconds_bucket", "outrider_events_late_total", "outrider_events_total", "outrider_model_info", "outrider_model_rollbacks_total",
        "outrider_partition_in_flight", "outrider_partition_lag_records", "outrider_partition_next_offset", "outrider_partition_undecided_records",
        "outrider_partitions_owned", "outrider_ready", "outrider_runs_total", "outrider_warnings",
      ],
    )) == 0
    error_message = "A rule asks for a metric that /metrics does not have."
  }
}

run "every_rule_reaches_the_action_group_and_says_what_is_wrong" {
  command = plan

  assert {
    condition     = alltrue(flatten([for group in azurerm_monitor_alert_prometheus_rule_group.alerts : [for rule in group.rule : length(rule.action) == 1 && length(rule.annotations["summary"]) > 20]]))
    error_message = "A Prometheus rule reaches nobody or explains nothing."
  }

  assert {
    condition     = alltrue([for rule in azurerm_monitor_metric_alert.main : length(rule.action) == 1 && length(rule.description) > 20])
    error_message = "A metric alert reaches nobody or explains nothing."
  }

  assert {
    condition     = length(distinct(concat(keys(output.alert_rules.metric), keys(output.alert_rules.log), keys(output.alert_rules.prometheus)))) == length(output.alert_rules.metric) + length(output.alert_rules.log) + length(output.alert_rules.prometheus)
    error_message = "Two rules share a name."
  }
}

run "rules_know_partitions_namespace_and_objective" {
  command = plan

  variables {
    latency_objective_ms = 250
  }

  assert {
    condition     = one([for rule in azurerm_monitor_alert_prometheus_rule_group.alerts["live"].rule : rule.expression if rule.alert == "PartitionsWithoutOwner"]) == "(sum(outrider_partitions_owned) or vector(0)) < 32"
    error_message = "The rule must know how many partitions there are."
  }

  assert {
    condition     = endswith(one([for rule in azurerm_monitor_alert_prometheus_rule_group.alerts["live"].rule : rule.expression if rule.alert == "DecisionsLate"]), "> 0.25")
    error_message = "The rule must know the objective, in seconds."
  }

  assert {
    condition     = strcontains(one([for rule in azurerm_monitor_alert_prometheus_rule_group.alerts["cluster"].rule : rule.expression if rule.alert == "PodsPending"]), "namespace=\"fraud\"") && strcontains(azurerm_monitor_scheduled_query_rules_alert_v2.main["errors"].criteria[0].query, "PodNamespace == \"fraud\"")
    error_message = "The rules must look at Outrider's namespace."
  }
}

run "loss_wakes_somebody" {
  command = plan

  assert {
    condition     = output.alert_rules.prometheus.RecordsUndecided == 1 && output.alert_rules.prometheus.PartitionStandsStill == 1
    error_message = "There is no budget for loss: what is lost, and what is about to be, must wake somebody."
  }
}

run "what_the_breaker_did_is_told" {
  command = plan

  assert {
    condition     = output.alert_rules.prometheus.NodeWarns == 2
    error_message = "A node that decides under another model than it was told to must be heard of."
  }

  assert {
    condition     = output.alert_rules.prometheus.ModelRolledBack == 2
    error_message = "A model that was taken out of force has decided wrongly before: somebody must hear of it."
  }
}

run "metrics_and_our_logs_are_collected_and_nothing_else" {
  command = plan

  assert {
    condition     = toset(one(azurerm_monitor_data_collection_rule.metrics.data_sources[0].prometheus_forwarder).streams) == toset(["Microsoft-PrometheusMetrics"]) && length(azurerm_monitor_data_collection_rule.metrics.data_sources[0].extension) == 0
    error_message = "The rule for metrics must take what Prometheus scrapes."
  }

  assert {
    condition = (
      jsondecode(one(azurerm_monitor_data_collection_rule.logs.data_sources[0].extension).extension_json).dataCollectionSettings.namespaceFilteringMode == "Include" &&
      jsondecode(one(azurerm_monitor_data_collection_rule.logs.data_sources[0].extension).extension_json).dataCollectionSettings.namespaces == ["fraud"] &&
      jsondecode(one(azurerm_monitor_data_collection_rule.logs.data_sources[0].extension).extension_json).dataCollectionSettings.enableContainerLogV2
    )
    error_message = "The rule for logs must take those of Outrider's namespace, in the table that the log alerts query."
  }

  assert {
    condition     = alltrue([for stream in one(azurerm_monitor_data_collection_rule.logs.data_sources[0].extension).streams : !strcontains(stream, "Perf") && !strcontains(stream, "InsightsMetrics")])
    error_message = "Counters come by Prometheus; by logs they cost twice."
  }

  # What a rule takes and hands on to nobody, or hands on to a place that it does not have, is dropped without a word.
  assert {
    condition = alltrue([for rule in [azurerm_monitor_data_collection_rule.metrics, azurerm_monitor_data_collection_rule.logs] : alltrue([
      toset(flatten([for flow in rule.data_flow : flow.streams])) == toset(flatten(concat([for source in rule.data_sources[0].prometheus_forwarder : source.streams], [for source in rule.data_sources[0].extension : source.streams]))),
      toset(flatten([for flow in rule.data_flow : flow.destinations])) == toset(concat([for to in rule.destinations[0].monitor_account : to.name], [for to in rule.destinations[0].log_analytics : to.name])),
    ])])
    error_message = "A stream goes nowhere."
  }

  # The agents in the cluster ask for their rules by these names.
  assert {
    condition     = azurerm_monitor_data_collection_rule_association.metrics.name == "ContainerInsightsMetricsExtension" && azurerm_monitor_data_collection_rule_association.logs.name == "ContainerInsightsExtension"
    error_message = "The agents look for other names."
  }

  assert {
    condition     = azurerm_monitor_data_collection_rule_association.metrics.target_resource_id == "cluster" && azurerm_monitor_data_collection_rule_association.logs.target_resource_id == "cluster"
    error_message = "The rules must be the cluster's."
  }
}

run "the_logic_app_posts_only_where_there_is_an_address" {
  command = plan

  assert {
    condition     = output.receivers.logic_apps == 1 && output.receivers.chats == 0 && length(azurerm_logic_app_workflow.main.workflow_parameters) == 0
    error_message = "Without an address the workflow keeps alerts in its history and posts nowhere."
  }
}

run "cases_come_from_the_cluster_and_nowhere_else" {
  command = plan

  assert {
    condition     = toset(azurerm_logic_app_workflow.cases.access_control[0].trigger[0].allowed_caller_ip_address_range) == toset(["203.0.113.7/32"])
    error_message = "Whoever learns the trigger's address could post cases from anywhere."
  }
}

run "a_case_is_said_in_one_line_whatever_the_trigger_makes_of_its_content_type" {
  command = plan

  assert {
    condition     = strcontains(jsondecode(azurerm_logic_app_action_custom.case_event.body).inputs, "base64ToString(coalesce(triggerBody()?['$content'], 'e30='))")
    error_message = "CloudEvents come as application/cloudevents+json, which a workflow may hand on as Base64."
  }

  assert {
    condition     = !strcontains(jsondecode(azurerm_logic_app_action_custom.case_summary.body).inputs, "triggerBody") && jsondecode(azurerm_logic_app_action_custom.case_summary.body).runAfter == { event = ["Succeeded"] }
    error_message = "The line must be made of the event, not of what came in."
  }
}

run "the_chat_address_stays_out_of_the_history" {
  command = plan

  variables {
    operations_webhook_url = "https://chat.example.com/hooks/1"
  }

  assert {
    condition     = jsondecode(azurerm_logic_app_action_custom.notify[0].body).runtimeConfiguration.secureData.properties == ["inputs"] && !strcontains(azurerm_logic_app_action_custom.notify[0].body, "chat.example.com")
    error_message = "The address must be a secured parameter."
  }

  assert {
    condition     = jsondecode(azurerm_logic_app_workflow.main.workflow_parameters["operationsWebhookUrl"]).type == "SecureString" && jsondecode(azurerm_logic_app_workflow.cases.workflow_parameters["operationsWebhookUrl"]).type == "SecureString" && contains(jsondecode(azurerm_logic_app_trigger_http_request.case.schema).required, "specversion")
    error_message = "The parameter must be a SecureString."
  }
}

run "receivers_are_named_and_their_addresses_are_not_shown" {
  command = plan

  variables {
    alert_webhooks = { pager = "https://pager.example.com/KEY", desk = "https://desk.example.com/KEY" }
  }

  assert {
    condition     = [for receiver in azurerm_monitor_action_group.main.webhook_receiver : receiver.name] == ["desk", "pager"] && !issensitive(output.receivers)
    error_message = "Each receiver must be there under its name."
  }

  assert {
    condition     = alltrue([for receiver in azurerm_monitor_action_group.main.webhook_receiver : issensitive(receiver.service_uri)]) && nonsensitive(azurerm_monitor_action_group.main.webhook_receiver[1].service_uri) == "https://pager.example.com/KEY"
    error_message = "A pager's address holds its key."
  }

  assert {
    condition     = alltrue([for receiver in azurerm_monitor_action_group.main.logic_app_receiver : issensitive(receiver.callback_url)])
    error_message = "The Logic App's address holds a signature."
  }
}

run "mistakes_are_refused" {
  command = plan

  variables {
    alert_emails           = []
    alert_webhooks         = { pager = "http://pager.example.com" }
    operations_webhook_url = "http://chat.example.com"
    latency_objective_ms   = 333
    budget                 = { amount = 100, start = "2026-12-15" }
    diagnostics            = { stream = { resource_id = "namespace" } }
  }

  expect_failures = [var.alert_emails, var.alert_webhooks, var.operations_webhook_url, var.latency_objective_ms, var.budget, var.diagnostics]
}
