resource "azurerm_monitor_data_collection_endpoint" "main" {
  name                = var.context.names.collection_endpoint
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags
  kind                = "Linux"
}

resource "azurerm_monitor_data_collection_rule" "metrics" {
  name                        = "${var.context.names.collection_rule}-metrics"
  description                 = "Prometheus metrics of the cluster, to the Azure Monitor workspace."
  resource_group_name         = var.context.resource_group_name
  location                    = var.context.location
  tags                        = var.context.tags
  kind                        = "Linux"
  data_collection_endpoint_id = azurerm_monitor_data_collection_endpoint.main.id

  data_sources {
    prometheus_forwarder {
      name    = "prometheus"
      streams = ["Microsoft-PrometheusMetrics"]
    }
  }

  destinations {
    monitor_account {
      name               = "workspace"
      monitor_account_id = azurerm_monitor_workspace.main.id
    }
  }

  data_flow {
    streams      = ["Microsoft-PrometheusMetrics"]
    destinations = ["workspace"]
  }
}

resource "azurerm_monitor_data_collection_rule" "logs" {
  name                = "${var.context.names.collection_rule}-logs"
  description         = "Container logs and Kubernetes events, to Log Analytics."
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags
  kind                = "Linux"

  data_sources {
    extension {
      name           = "ContainerInsightsExtension"
      extension_name = "ContainerInsights"
      streams        = local.log_streams
      # Only our own namespace: the rest of the cluster's logs cost as much and help less.
      extension_json = jsonencode({
        dataCollectionSettings = {
          interval               = "1m"
          namespaceFilteringMode = "Include"
          namespaces             = [var.kubernetes_namespace]
          enableContainerLogV2   = true
        }
      })
    }
  }

  destinations {
    log_analytics {
      name                  = "workspace"
      workspace_resource_id = azurerm_log_analytics_workspace.main.id
    }
  }

  data_flow {
    streams      = local.log_streams
    destinations = ["workspace"]
  }
}

locals {
  # Counters come by Prometheus, so only what has words in it.
  log_streams = ["Microsoft-ContainerLogV2", "Microsoft-KubeEvents", "Microsoft-KubePodInventory"]
}

# The agents in the cluster look for these names.
resource "azurerm_monitor_data_collection_rule_association" "metrics" {
  name                    = "ContainerInsightsMetricsExtension"
  target_resource_id      = var.targets.cluster_id
  data_collection_rule_id = azurerm_monitor_data_collection_rule.metrics.id
}

resource "azurerm_monitor_data_collection_rule_association" "logs" {
  name                    = "ContainerInsightsExtension"
  target_resource_id      = var.targets.cluster_id
  data_collection_rule_id = azurerm_monitor_data_collection_rule.logs.id
}

resource "azurerm_monitor_diagnostic_setting" "main" {
  for_each = var.diagnostics

  name                           = "to-log-analytics"
  target_resource_id             = each.value.resource_id
  log_analytics_workspace_id     = azurerm_log_analytics_workspace.main.id
  log_analytics_destination_type = each.value.dedicated ? "Dedicated" : null

  dynamic "enabled_log" {
    for_each = toset(each.value.category_groups)

    content {
      category_group = enabled_log.value
    }
  }

  dynamic "enabled_log" {
    for_each = toset(each.value.categories)

    content {
      category = enabled_log.value
    }
  }
}
