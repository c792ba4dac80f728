output "log_workspace_id" {
  description = "The Log Analytics workspace."
  value       = azurerm_log_analytics_workspace.main.id
}

output "application_insights_id" {
  description = "Application Insights, where traces go."
  value       = azurerm_application_insights.main.id
}

output "application_insights_connection_string" {
  description = "For the OTLP collector's exporter."
  value       = azurerm_application_insights.main.connection_string
  sensitive   = true
}

output "prometheus_workspace_id" {
  description = "The Azure Monitor workspace, that is managed Prometheus."
  value       = azurerm_monitor_workspace.main.id
}

output "prometheus_query_endpoint" {
  description = "Where Grafana and KEDA query the metrics."
  value       = azurerm_monitor_workspace.main.query_endpoint
}

output "action_group_id" {
  description = "Receivers of every alert."
  value       = azurerm_monitor_action_group.main.id
}

output "alert_rules" {
  description = "Severity of every alert rule, by kind and name."
  value = {
    metric     = { for key, rule in azurerm_monitor_metric_alert.main : key => rule.severity }
    log        = { for key, rule in azurerm_monitor_scheduled_query_rules_alert_v2.main : key => rule.severity }
    prometheus = merge([for group in azurerm_monitor_alert_prometheus_rule_group.alerts : { for rule in group.rule : rule.alert => rule.severity }]...)
  }
}

output "receivers" {
  description = "How many receivers of each kind the alerts have."
  value = {
    emails     = length(azurerm_monitor_action_group.main.email_receiver)
    webhooks   = length(azurerm_monitor_action_group.main.webhook_receiver)
    logic_apps = length(azurerm_monitor_action_group.main.logic_app_receiver)
    chats      = length(azurerm_logic_app_action_custom.notify)
  }
}

output "case_webhook_url" {
  description = "Where Outrider's alert webhook posts CloudEvents to; the address holds a signature."
  value       = azurerm_logic_app_trigger_http_request.case.callback_url
  sensitive   = true
}

output "diagnosed" {
  description = "Resources whose logs are kept."
  value       = sort(keys(azurerm_monitor_diagnostic_setting.main))
}

output "budget" {
  description = "Monthly budget, the resource groups it covers, and the shares of it, in percent, at which mail is sent."
  value = {
    amount          = azurerm_consumption_budget_subscription.main.amount
    resource_groups = flatten([for dimension in azurerm_consumption_budget_subscription.main.filter[0].dimension : dimension.values])
    thresholds      = [for notification in azurerm_consumption_budget_subscription.main.notification : notification.threshold]
  }
}
