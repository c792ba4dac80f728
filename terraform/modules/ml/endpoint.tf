# The provider has no resource for managed online endpoints, so a template carries this one. Which model version it serves
# changes with every training and is set by `az ml online-deployment` (README), not by Terraform.
resource "azurerm_resource_group_template_deployment" "endpoint" {
  count = var.endpoint_enabled ? 1 : 0

  name                = var.context.names.ml_endpoint
  resource_group_name = var.context.resource_group_name
  deployment_mode     = "Incremental"
  tags                = var.context.tags

  template_content = jsonencode({
    "$schema"      = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    contentVersion = "1.0.0.0"
    resources = [{
      type       = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
      apiVersion = "2024-10-01"
      name       = "${azurerm_machine_learning_workspace.main.name}/${var.context.names.ml_endpoint}"
      location   = var.context.location
      tags       = var.context.tags
      identity   = { type = "SystemAssigned" }
      properties = {
        description         = "Outrider's model, by request."
        authMode            = "AADToken"
        publicNetworkAccess = var.network_access.public_access_enabled ? "Enabled" : "Disabled"
      }
    }]
  })
}
