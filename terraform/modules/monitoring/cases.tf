# Receives Outrider's own alerts, anomalous transactions, by webhook (CloudEvents, structured), says each in one line and passes it on to
# the operations chat. A workflow of its own: these are for analysts and come by the thousand, those of the platform are for
# whoever is on call. Who may post is said by the signature in the trigger's address, and only from the cluster's own; the one in the
# header webhook-signature is not looked at, for a workflow has no function that could compute it.
resource "azurerm_logic_app_workflow" "cases" {
  name                = var.context.names.logic_app_cases
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags

  workflow_parameters = local.notifies ? { operationsWebhookUrl = jsonencode({ type = "SecureString" }) } : {}
  parameters          = local.notifies ? { operationsWebhookUrl = var.operations_webhook_url } : {}

  access_control {
    trigger {
      allowed_caller_ip_address_range = ["${var.outbound_ip}/32"]
    }
  }
}

resource "azurerm_logic_app_trigger_http_request" "case" {
  name         = "transaction-alert"
  logic_app_id = azurerm_logic_app_workflow.cases.id
  method       = "POST"

  schema = jsonencode({
    type     = "object"
    required = ["specversion", "id", "type", "data"]
    properties = {
      specversion = { type = "string" }
      id          = { type = "string" }
      type        = { type = "string" }
      data = {
        type     = "object"
        required = ["id", "account", "severity", "reasons"]
        properties = {
          id       = { type = "string" }
          account  = { type = "string" }
          amount   = { type = ["number", "null"] }
          severity = { type = "string" }
          reasons  = { type = "array", items = { type = "string" } }
        }
      }
    }
  })
}

# A workflow takes application/json for JSON and promises nothing about application/cloudevents+json: what it does not take for JSON, it
# hands on as Base64. Both branches hold either way, since a workflow may look into the one that it does not take.
resource "azurerm_logic_app_action_custom" "case_event" {
  name         = "event"
  logic_app_id = azurerm_logic_app_workflow.cases.id

  body = jsonencode({
    type     = "Compose"
    runAfter = {}
    inputs   = "@if(equals(triggerBody()?['$content'], null), triggerBody(), json(base64ToString(coalesce(triggerBody()?['$content'], 'e30='))))"
  })

  depends_on = [azurerm_logic_app_trigger_http_request.case]
}

resource "azurerm_logic_app_action_custom" "case_summary" {
  name         = "summary"
  logic_app_id = azurerm_logic_app_workflow.cases.id

  body = jsonencode({
    type     = "Compose"
    runAfter = { event = ["Succeeded"] }
    inputs   = "[@{outputs('event')?['data']?['severity']}] account @{outputs('event')?['data']?['account']}: @{first(outputs('event')?['data']?['reasons'])} (@{outputs('event')?['data']?['id']})"
  })

  depends_on = [azurerm_logic_app_action_custom.case_event]
}

resource "azurerm_logic_app_action_custom" "case_notify" {
  count = local.notifies ? 1 : 0

  name         = "notify"
  logic_app_id = azurerm_logic_app_workflow.cases.id

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
    runtimeConfiguration = { secureData = { properties = ["inputs"] } }
  })

  depends_on = [azurerm_logic_app_action_custom.case_summary]
}
