# On the subscription, filtered, because a budget on our resource group would not see the nodes.
resource "azurerm_consumption_budget_subscription" "main" {
  name            = var.context.names.budget
  subscription_id = "/subscriptions/${var.subscription_id}"
  amount          = var.budget.amount
  time_grain      = "Monthly"

  filter {
    dimension {
      name   = "ResourceGroupName"
      values = var.budgeted_resource_groups
    }
  }

  time_period {
    start_date = "${var.budget.start}T00:00:00Z"
  }

  notification {
    operator       = "GreaterThan"
    threshold      = 80
    threshold_type = "Actual"
    contact_emails = var.alert_emails
    contact_groups = [azurerm_monitor_action_group.main.id]
  }

  notification {
    operator       = "GreaterThan"
    threshold      = 100
    threshold_type = "Forecasted"
    contact_emails = var.alert_emails
    contact_groups = [azurerm_monitor_action_group.main.id]
  }

  lifecycle {
    # The service refuses a start in the past, and a started budget cannot be moved.
    ignore_changes = [time_period]
  }
}
