# What Outrider and Kubernetes measure. The names are those that /metrics serves.
locals {
  objective = var.latency_objective_ms / 1000
  selector  = "namespace=\"${var.kubernetes_namespace}\""

  recordings = {
    "outrider:events:rate5m"           = "sum(rate(outrider_events_total[5m]))"
    "outrider:alerts:rate15m"          = "sum(rate(outrider_alerts_total[15m]))"
    "outrider:dead_letters:rate10m"    = "sum(rate(outrider_dead_letters_total[10m]))"
    "outrider:decision_latency:p99_5m" = "histogram_quantile(0.99, sum by (le) (rate(outrider_decision_latency_seconds_bucket[5m])))"
    "outrider:alert_latency:p99_15m"   = "histogram_quantile(0.99, sum by (le) (rate(outrider_alert_latency_seconds_bucket[15m])))"
  }

  live_rules = merge(
    {
      PartitionsWithoutOwner = {
        expression = "(sum(outrider_partitions_owned) or vector(0)) < ${var.partition_count}", for = "PT2M", severity = 1
        summary    = "Some partitions are run by nobody; their events wait."
      }
      RecordsUndecided = {
        expression = "max by (partition) (outrider_partition_undecided_records) > 0 unless on (partition) outrider_partition_in_flight", for = "PT1M", severity = 1
        summary    = "Records left the hub before they were decided: a partition stands still until somebody says where it goes on."
      }
      PartitionStandsStill = {
        expression = "min_over_time(outrider_partition_lag_records[10m]) > 0 and changes(outrider_partition_next_offset[10m]) == 0", for = "PT5M", severity = 1
        summary    = "Records wait in a partition whose run takes none of them; what the hub drops before is lost."
      }
      PartitionsOwnedTwice = {
        expression = "sum(outrider_partitions_owned) > ${var.partition_count}", for = "PT5M", severity = 2
        summary    = "Nodes disagree on who owns a partition. State is fenced; alerts may appear twice under one id."
      }
      DecisionsLate = {
        expression = "histogram_quantile(0.99, sum by (le) (rate(outrider_decision_latency_seconds_bucket[5m]))) > ${local.objective}", for = "PT5M", severity = 1
        summary    = "One decision in a hundred takes longer than ${var.latency_objective_ms} ms from append: the cluster is behind, or too small."
      }
      AlertsLate = {
        expression = "histogram_quantile(0.99, sum by (le) (rate(outrider_alert_latency_seconds_bucket[15m]))) > ${4 * local.objective}", for = "PT10M", severity = 2
        summary    = "Alerts take long to be acknowledged by the alerts topic."
      }
      EventsRejected = {
        expression = "sum(rate(outrider_dead_letters_total[10m])) > 0.01 * sum(rate(outrider_events_total[10m]))", for = "PT10M", severity = 2
        summary    = "More than one event in a hundred goes to dead-letters; its reason is a label of the metric."
      }
      CheckpointsStopped = {
        expression = "sum(rate(outrider_checkpoints_total[10m])) == 0 and sum(rate(outrider_events_total[10m])) > 0", for = "PT5M", severity = 1
        summary    = "Events are taken but no checkpoint becomes durable: recovery grows longer by the minute."
      }
      RunsRestarting = {
        expression = "sum(increase(outrider_runs_total[15m])) > ${2 * var.partition_count}", for = "PT5M", severity = 2
        summary    = "Partitions start new runs again and again: messages are lost, or ownership moves."
      }
      AlertFlood = {
        expression = "sum(rate(outrider_alerts_total[15m])) > 0.05 * sum(rate(outrider_events_total[15m]))", for = "PT15M", severity = 2
        summary    = "More than one event in twenty raises an alert: an attack, or a model that no longer fits."
      }
      AlertsChanged = {
        expression = "sum(rate(outrider_alerts_total[1h])) > 3 * sum(rate(outrider_alerts_total[1h] offset 1w)) and sum(rate(outrider_alerts_total[1h])) > 0.01", for = "PT30M", severity = 3
        summary    = "Three times the alerts of this hour a week ago."
      }
      ModelsDiffer = {
        expression = "count(count by (version) (outrider_model_info)) > 1", for = "PT30M", severity = 2
        summary    = "Nodes have been on different models for half an hour."
      }
      NodeWarns = {
        expression = "max(outrider_warnings) > 0", for = "PT15M", severity = 2
        summary    = "A node works and does not decide under the models or merchant risk that it was told to; /health/ready says why."
      }
      ModelRolledBack = {
        expression = "sum(increase(outrider_model_rollbacks_total[6h])) > 0", for = "PT1M", severity = 2
        summary    = "The breaker took a model out of force; the rollout's audit trail says why."
      }
      ChallengerGivenUp = {
        expression = "sum(increase(outrider_challengers_given_up_total[6h])) > 0", for = "PT1M", severity = 3
        summary    = "The gate refused a model until it was given up; the rollout's audit trail says why."
      }
      EventsLate = {
        expression = "sum(rate(outrider_events_late_total[30m])) > 0.05 * sum(rate(outrider_events_total[30m]))", for = "PT30M", severity = 3
        summary    = "More than one event in twenty is later than its account's windows: a producer holds events back."
      }
    },
    !var.expect_traffic ? {} : {
      NothingProcessed = {
        expression = "(sum(rate(outrider_events_total[10m])) or vector(0)) == 0", for = "PT5M", severity = 1
        summary    = "No event has been folded for ten minutes."
      }
    },
  )

  cluster_rules = {
    NoNodeReady = {
      expression = "(sum(outrider_ready) or vector(0)) == 0", for = "PT2M", severity = 1
      summary    = "No pod of Outrider is ready."
    }
    CrashLoop = {
      expression = "max_over_time(kube_pod_container_status_waiting_reason{${local.selector},reason=\"CrashLoopBackOff\"}[5m]) >= 1", for = "PT5M", severity = 1
      summary    = "A container fails again and again."
    }
    OutOfMemory = {
      expression = "sum by (pod) (kube_pod_container_status_last_terminated_reason{${local.selector},reason=\"OOMKilled\"}) > 0", for = "PT1M", severity = 2
      summary    = "A container was killed for its memory: more accounts per node than it is sized for."
    }
    PodsPending = {
      expression = "sum(kube_pod_status_phase{${local.selector},phase=\"Pending\"}) > 0", for = "PT15M", severity = 2
      summary    = "Pods have been waiting for a node for a quarter of an hour."
    }
    AtMaximum = {
      expression = "kube_horizontalpodautoscaler_status_current_replicas{${local.selector}} >= kube_horizontalpodautoscaler_spec_max_replicas{${local.selector}}", for = "PT30M", severity = 3
      summary    = "The autoscaler has been at its maximum for half an hour."
    }
  }
}

resource "azurerm_monitor_alert_prometheus_rule_group" "recordings" {
  name                = "${var.context.names.alert}-recordings"
  description         = "Rates and percentiles that dashboards read."
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags
  scopes              = [azurerm_monitor_workspace.main.id]
  interval            = "PT1M"

  dynamic "rule" {
    for_each = local.recordings

    content {
      record     = rule.key
      expression = rule.value
    }
  }
}

resource "azurerm_monitor_alert_prometheus_rule_group" "alerts" {
  for_each = { live = local.live_rules, cluster = local.cluster_rules }

  name                = "${var.context.names.alert}-${each.key}"
  description         = each.key == "live" ? "The live path: partitions, latency, rejections, checkpoints, alert rate." : "Outrider's pods in the cluster."
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags
  scopes              = [azurerm_monitor_workspace.main.id]
  interval            = "PT1M"

  dynamic "rule" {
    for_each = each.value

    content {
      alert       = rule.key
      expression  = rule.value.expression
      for         = rule.value.for
      severity    = rule.value.severity
      annotations = { summary = rule.value.summary }

      alert_resolution {
        auto_resolved   = true
        time_to_resolve = "PT5M"
      }

      action {
        action_group_id = azurerm_monitor_action_group.main.id
      }
    }
  }
}
