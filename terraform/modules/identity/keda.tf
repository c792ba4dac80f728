# KEDA's Kafka scaler cannot log in to Event Hubs with a workload identity, and keys are off. So the autoscaler takes the
# consumer lag from where it is anyway, managed Prometheus, with this identity.
resource "azurerm_user_assigned_identity" "keda" {
  name                = "${var.context.names.workload_identity}-keda"
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags
}

resource "azurerm_federated_identity_credential" "keda" {
  name                      = "kubernetes"
  user_assigned_identity_id = azurerm_user_assigned_identity.keda.id
  issuer                    = var.oidc_issuer_url
  # Where the AKS add-on runs its operator.
  subject  = "system:serviceaccount:kube-system:keda-operator"
  audience = ["api://AzureADTokenExchange"]
}

resource "azurerm_role_assignment" "keda" {
  scope                = var.prometheus_workspace_id
  role_definition_name = "Monitoring Data Reader"
  principal_id         = azurerm_user_assigned_identity.keda.principal_id
  principal_type       = "ServicePrincipal"
}
