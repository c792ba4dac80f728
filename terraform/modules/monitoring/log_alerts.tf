# What stands in words only. The tables come into being with their first line, so the queries cannot be checked on creation.
locals {
  log_alerts = {
    errors = {
      description = "Outrider logs errors, more than now and then."
      severity    = 2
      threshold   = 20
      query       = <<-KQL
        ContainerLogV2
        | where PodNamespace == "${var.kubernetes_namespace}"
        | where tostring(parse_json(tostring(LogMessage)).level) == "ERROR"
      KQL
    }
    not-schedulable = {
      description = "Pods find no node: a pool is at its maximum, or a quota is used up."
      severity    = 2
      threshold   = 5
      query       = <<-KQL
        KubeEvents
        | where Namespace == "${var.kubernetes_namespace}" and Reason == "FailedScheduling"
      KQL
    }
    secrets-refused = {
      description = "The key vault refuses somebody: a role is missing, or somebody tries."
      severity    = 3
      threshold   = 5
      query       = <<-KQL
        AZKVAuditLogs
        | where HttpStatusCode == 403
      KQL
    }
    capture-failed = {
      description = "Event Hubs reports failing Capture runs; the identity's role or the lake's firewall has changed."
      severity    = 2
      threshold   = 0
      query       = <<-KQL
        AZMSArchiveLogs
        | where Failures > 0
      KQL
    }
  }
}

resource "azurerm_monitor_scheduled_query_rules_alert_v2" "main" {
  for_each = local.log_alerts

  name                = "${var.context.names.alert}-${each.key}"
  display_name        = "${var.context.names.alert}-${each.key}"
  description         = each.value.description
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags

  scopes                  = [azurerm_log_analytics_workspace.main.id]
  severity                = each.value.severity
  evaluation_frequency    = "PT5M"
  window_duration         = "PT15M"
  auto_mitigation_enabled = true
  skip_query_validation   = true

  criteria {
    query                   = each.value.query
    time_aggregation_method = "Count"
    operator                = "GreaterThan"
    threshold               = each.value.threshold

    failing_periods {
      minimum_failing_periods_to_trigger_alert = 1
      number_of_evaluation_periods             = 1
    }
  }

  action {
    action_groups = [azurerm_monitor_action_group.main.id]
  }
}
