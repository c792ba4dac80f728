# The deployment pipeline: brings images into the registry and installs the chart, in Outrider's namespace and nowhere
# else. It does not run Terraform: whoever may change roles can change everything, so that login is made by hand (README).
resource "azurerm_user_assigned_identity" "pipeline" {
  count = var.github == null ? 0 : 1

  name                = "${var.context.names.workload_identity}-pipeline"
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags
}

resource "azurerm_federated_identity_credential" "pipeline" {
  count = var.github == null ? 0 : 1

  name                      = "github"
  user_assigned_identity_id = azurerm_user_assigned_identity.pipeline[0].id
  issuer                    = "https://token.actions.githubusercontent.com"
  subject                   = "repo:${var.github.repository}:environment:${var.github.environment}"
  audience                  = ["api://AzureADTokenExchange"]
}

# Chart installation goes through `az aks command invoke` where the API server is private, which no built-in role short of
# the cluster's contributor allows.
resource "azurerm_role_definition" "deployer" {
  count = var.github == null ? 0 : 1

  name        = "${var.context.names.cluster} deployer"
  description = "May fetch the cluster's user credentials and run commands in it, as far as its Kubernetes roles go."
  # A role of one's own can be offered in a resource group, not on a single resource; it is given on the cluster only.
  scope             = var.resource_group_id
  assignable_scopes = [var.resource_group_id]

  permissions {
    actions = [
      "Microsoft.ContainerService/managedClusters/read",
      "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
      "Microsoft.ContainerService/managedClusters/runCommand/action",
      "Microsoft.ContainerService/managedClusters/commandResults/read",
    ]
  }
}

resource "azurerm_role_assignment" "pipeline_cluster" {
  count = var.github == null ? 0 : 1

  scope              = var.cluster_id
  role_definition_id = azurerm_role_definition.deployer[0].role_definition_resource_id
  principal_id       = azurerm_user_assigned_identity.pipeline[0].principal_id
  principal_type     = "ServicePrincipal"
}

resource "azurerm_role_assignment" "pipeline" {
  for_each = var.github == null ? {} : {
    namespace = { scope = "${var.cluster_id}/namespaces/${var.kubernetes_namespace}", role = "Azure Kubernetes Service RBAC Admin" }
    push      = { scope = var.registry_id, role = "AcrPush" }
    import    = { scope = var.registry_id, role = "Container Registry Data Importer and Data Reader" }
  }

  scope                = each.value.scope
  role_definition_name = each.value.role
  principal_id         = azurerm_user_assigned_identity.pipeline[0].principal_id
  principal_type       = "ServicePrincipal"
}
