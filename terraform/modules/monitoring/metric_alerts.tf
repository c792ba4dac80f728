# What the platform itself measures: stream, lake, nodes. Severity 1 calls somebody, 2 is for working hours, 3 is a hint.
locals {
  stream = { scope = var.targets.namespace_id, namespace = "Microsoft.EventHub/namespaces" }
  lake   = { scope = var.targets.account_id, namespace = "Microsoft.Storage/storageAccounts" }
  nodes  = { scope = var.targets.cluster_id, namespace = "Microsoft.ContainerService/managedClusters" }

  metric_alerts = merge(
    {
      stream-throttled = merge(local.stream, {
        description = "Event Hubs throttles: producers and consumers wait. Raise the capacity."
        metric      = "ThrottledRequests", aggregation = "Total", operator = "GreaterThan", threshold = 0, severity = 2, window = "PT5M"
      })
      stream-server-errors = merge(local.stream, {
        description = "Event Hubs fails requests by its own fault."
        metric      = "ServerErrors", aggregation = "Total", operator = "GreaterThan", threshold = 10, severity = 2, window = "PT15M"
      })
      stream-user-errors = merge(local.stream, {
        description = "Event Hubs refuses requests: a role is missing, an event is too large, or somebody tries."
        metric      = "UserErrors", aggregation = "Total", operator = "GreaterThan", threshold = 100, severity = 3, window = "PT15M"
      })
      capture-behind = merge(local.stream, {
        description = "Capture cannot write to the lake. Raw events are lost to training once the hub's retention has passed."
        metric      = "CaptureBacklog", aggregation = "Total", operator = "GreaterThan", threshold = 1000000, severity = 2, window = "PT30M"
      })
      lake-unavailable = merge(local.lake, {
        description = "The lake fails requests: checkpoints are not written, a killed node's partitions cannot be taken over."
        metric      = "Availability", aggregation = "Average", operator = "LessThan", threshold = 99.5, severity = 1, window = "PT5M"
      })
      lake-slow = merge(local.lake, {
        description = "The lake answers slowly: barriers take longer, a take-over too."
        metric      = "SuccessE2ELatency", aggregation = "Average", operator = "GreaterThan", threshold = 1000, severity = 3, window = "PT15M"
      })
      nodes-busy = merge(local.nodes, {
        description = "The nodes' processors are nearly used up."
        metric      = "node_cpu_usage_percentage", aggregation = "Average", operator = "GreaterThan", threshold = 90, severity = 2, window = "PT15M"
      })
      nodes-out-of-memory = merge(local.nodes, {
        description = "The nodes' memory is nearly used up; pods will be evicted."
        metric      = "node_memory_working_set_percentage", aggregation = "Average", operator = "GreaterThan", threshold = 90, severity = 2, window = "PT15M"
      })
    },
    !var.expect_traffic ? {} : {
      stream-silent = merge(local.stream, {
        description = "Nothing has arrived for a quarter of an hour: the producers are down or cannot log in."
        metric      = "IncomingMessages", aggregation = "Total", operator = "LessThan", threshold = 1, severity = 1, window = "PT15M"
      })
    },
    !var.targets.premium ? {} : {
      stream-busy = merge(local.stream, {
        description = "The namespace's processing units are nearly used up. Add one before it throttles."
        metric      = "NamespaceCpuUsage", aggregation = "Maximum", operator = "GreaterThan", threshold = 80, severity = 2, window = "PT15M"
      })
    },
  )
}

resource "azurerm_monitor_metric_alert" "main" {
  for_each = local.metric_alerts

  name                = "${var.context.names.alert}-${each.key}"
  description         = each.value.description
  resource_group_name = var.context.resource_group_name
  tags                = var.context.tags
  scopes              = [each.value.scope]
  severity            = each.value.severity
  frequency           = each.value.window == "PT5M" ? "PT1M" : "PT5M"
  window_size         = each.value.window

  criteria {
    metric_namespace = each.value.namespace
    metric_name      = each.value.metric
    aggregation      = each.value.aggregation
    operator         = each.value.operator
    threshold        = each.value.threshold
    # A metric that has never been sent yet is unknown to the service.
    skip_metric_validation = true
  }

  action {
    action_group_id = azurerm_monitor_action_group.main.id
  }
}

# Azure's own incidents, so that nobody looks for them in our logs.
resource "azurerm_monitor_activity_log_alert" "service_health" {
  name                = "${var.context.names.alert}-service-health"
  description         = "Azure reports an incident in a service that Outrider stands on."
  resource_group_name = var.context.resource_group_name
  location            = "global"
  tags                = var.context.tags
  scopes              = ["/subscriptions/${var.subscription_id}"]

  criteria {
    category = "ServiceHealth"

    service_health {
      events    = ["Incident", "Security"]
      locations = ["Global", var.context.location]
      services  = ["Azure Kubernetes Service (AKS)", "Event Hubs", "Key Vault", "Storage", "Virtual Network"]
    }
  }

  action {
    action_group_id = azurerm_monitor_action_group.main.id
  }
}
