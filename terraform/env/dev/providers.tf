provider "azurerm" {
  subscription_id = var.subscription_id
  tenant_id       = var.tenant_id
  # The accounts have no keys.
  storage_use_azuread = true

  # What an empty subscription does not know yet. In Azure's own spelling: the provider tells upper from lower case.
  resource_provider_registrations = "core"
  resource_providers_to_register = [
    "Microsoft.AlertsManagement",
    "Microsoft.Consumption",
    "Microsoft.ContainerRegistry",
    "Microsoft.ContainerService",
    "Microsoft.Databricks",
    "Microsoft.EventHub",
    "Microsoft.KeyVault",
    "Microsoft.Logic",
    "Microsoft.MachineLearningServices",
    "Microsoft.Monitor",
    "Microsoft.OperationalInsights",
    "Microsoft.PolicyInsights",
    "Microsoft.Sql",
    "Microsoft.Synapse",
    "microsoft.insights",
  ]

  features {
    storage {
      # Whoever runs Terraform may stand outside of the accounts' firewalls: all goes through the control plane.
      data_plane_available = false
    }

    resource_group {
      prevent_deletion_if_contains_resources = false
    }

    key_vault {
      purge_soft_delete_on_destroy    = true
      recover_soft_deleted_key_vaults = true
    }

    machine_learning {
      purge_soft_deleted_workspace_on_destroy = true
    }
  }
}
