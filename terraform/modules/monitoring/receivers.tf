resource "azurerm_monitor_action_group" "main" {
  name                = var.context.names.action_group
  resource_group_name = var.context.resource_group_name
  tags                = var.context.tags
  short_name          = "outrider"

  dynamic "email_receiver" {
    for_each = toset(var.alert_emails)

    content {
      name                    = email_receiver.value
      email_address           = email_receiver.value
      use_common_alert_schema = true
    }
  }

  dynamic "webhook_receiver" {
    # The names may be shown, the addresses not.
    for_each = nonsensitive(toset(keys(var.alert_webhooks)))

    content {
      name                    = webhook_receiver.value
      service_uri             = var.alert_webhooks[webhook_receiver.value]
      use_common_alert_schema = true
    }
  }

  logic_app_receiver {
    name        = "logic-app"
    resource_id = azurerm_logic_app_workflow.main.id
    # Holds a signature, which the provider does not count as a secret.
    callback_url            = sensitive(azurerm_logic_app_trigger_http_request.alert.callback_url)
    use_common_alert_schema = true
  }
}

# The Logic App takes the alert webhook, says it in one line and passes that on to the operations chat. Its run history
# is the log of what was sent, and the place to hang further steps on (a ticket, a page).
locals {
  # Behind nonsensitive stands only whether there is an address, never the address.
  notifies = nonsensitive(var.operations_webhook_url != null)
}

resource "azurerm_logic_app_workflow" "main" {
  name                = var.context.names.logic_app
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags

  workflow_parameters = local.notifies ? { operationsWebhookUrl = jsonencode({ type = "SecureString" }) } : {}
  parameters          = local.notifies ? { operationsWebhookUrl = var.operations_webhook_url } : {}
}

resource "azurerm_logic_app_trigger_http_request" "alert" {
  name         = "alert"
  logic_app_id = azurerm_logic_app_workflow.main.id
  method       = "POST"

  schema = jsonencode({
    type     = "object"
    required = ["schemaId", "data"]
    properties = {
      schemaId = { type = "string" }
      data = {
        type     = "object"
        required = ["essentials"]
        properties = {
          essentials = {
            type = "object"
            properties = {
              alertId          = { type = "string" }
              alertRule        = { type = "string" }
              severity         = { type = "string" }
              monitorCondition = { type = "string" }
              firedDateTime    = { type = "string" }
              description      = { type = "string" }
            }
          }
          alertContext = { type = "object" }
        }
      }
    }
  })
}

resource "azurerm_logic_app_action_custom" "summary" {
  name         = "summary"
  logic_app_id = azurerm_logic_app_workflow.main.id

  body = jsonencode({
    type     = "Compose"
    runAfter = {}
    inputs   = "[@{triggerBody()?['data']?['essentials']?['severity']}] @{triggerBody()?['data']?['essentials']?['monitorCondition']}: @{triggerBody()?['data']?['essentials']?['alertRule']} - @{triggerBody()?['data']?['essentials']?['description']}"
  })

  depends_on = [azurerm_logic_app_trigger_http_request.alert]
}

resource "azurerm_logic_app_action_custom" "notify" {
  count = local.notifies ? 1 : 0

  name         = "notify"
  logic_app_id = azurerm_logic_app_workflow.main.id

  body = jsonencode({
    type     = "Http"
    runAfter = { summary = ["Succeeded"] }
    inputs = {
      method      = "POST"
      uri         = "@parameters('operationsWebhookUrl')"
      headers     = { "Content-Type" = "application/json" }
      body        = { text = "@{outputs('summary')}" }
      retryPolicy = { type = "exponential", count = 4, interval = "PT10S" }
    }
    # Keeps the address out of the run history.
    runtimeConfiguration = { secureData = { properties = ["inputs"] } }
  })

  depends_on = [azurerm_logic_app_action_custom.summary]
}
