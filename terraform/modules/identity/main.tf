# One identity for each part of the cluster, and for each only what that part does. The service account's name is
# outrider-PART; its token is exchanged for the identity's, so no secret exists that could leak.

locals {
  receiver = "Azure Event Hubs Data Receiver"
  sender   = "Azure Event Hubs Data Sender"
  reader   = "Storage Blob Data Reader"
  writer   = "Storage Blob Data Contributor"

  parts = {
    detection = {
      hubs = {
        # Every node keeps an index of recent alerts, and what was said about them.
        (local.receiver) = ["transactions", "alerts", "labels"]
        (local.sender)   = ["alerts", "dead-letters", "scored-transactions"]
      }
      containers = {
        (local.reader) = ["alerts", "erasures"]
        # Beside the models lie what each node has counted of a roll-out and of drift.
        (local.writer) = ["states", "models"]
      }
    }
    # Copies what producers without a key sent, to where its account belongs; after a crash it looks there for what it has copied.
    rekey = {
      hubs = {
        (local.receiver) = ["transactions-ingress", "transactions", "dead-letters"]
        (local.sender)   = ["transactions", "dead-letters"]
      }
      containers = {}
    }
    # Serves the console and the HTTP API: ingests transactions and labels, shows alerts, starts roll-outs and erasures.
    api = {
      hubs = {
        (local.receiver) = ["alerts", "labels"]
        (local.sender)   = ["transactions", "labels"]
      }
      containers = {
        (local.reader) = ["processed", "states", "alerts", "backtests", "raw"]
        (local.writer) = ["models", "erasures"]
      }
    }
    # ETL, training, evaluation, the merchant-risk tables, the store of alerts, their webhooks, the runs' history; redrive puts mended
    # dead letters back.
    batch = {
      hubs = {
        (local.receiver) = ["transactions", "alerts", "labels", "dead-letters", "scored-transactions"]
        (local.sender)   = ["transactions", "labels", "dead-letters"]
      }
      containers = {
        (local.reader) = ["raw"]
        (local.writer) = ["processed", "alerts", "models", "states", "erasures", "runs", "tracking", "backtests"]
      }
    }
  }

  # A hub that is switched off has no id, and then no role either.
  hub_roles = merge([for part, access in local.parts : merge([for role, hubs in access.hubs : {
    for hub in hubs : "${part} ${role == local.receiver ? "receives" : "sends"} ${hub}" => {
      part  = part
      role  = role
      scope = var.hub_ids[hub]
    } if contains(keys(var.hub_ids), hub)
  }]...)]...)

  container_roles = merge([for part, access in local.parts : merge([for role, containers in access.containers : {
    for container in containers : "${part} ${role == local.reader ? "reads" : "writes"} ${container}" => {
      part  = part
      role  = role
      scope = var.container_ids[container]
    }
  }]...)]...)
}

resource "azurerm_user_assigned_identity" "part" {
  for_each = local.parts

  name                = "${var.context.names.workload_identity}-${each.key}"
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags
}

resource "azurerm_federated_identity_credential" "part" {
  for_each = local.parts

  name                      = "kubernetes"
  user_assigned_identity_id = azurerm_user_assigned_identity.part[each.key].id
  issuer                    = var.oidc_issuer_url
  subject                   = "system:serviceaccount:${var.kubernetes_namespace}:outrider-${each.key}"
  audience                  = ["api://AzureADTokenExchange"]
}

resource "azurerm_role_assignment" "part" {
  for_each = merge(local.hub_roles, local.container_roles)

  scope                = each.value.scope
  role_definition_name = each.value.role
  principal_id         = azurerm_user_assigned_identity.part[each.value.part].principal_id
  principal_type       = "ServicePrincipal"
  description          = "Outrider: ${each.key}"
}

# Runs and parameters by the MLflow protocol, models by Azure Resource Manager: the role lets it write models/versions.
resource "azurerm_role_assignment" "tracking" {
  count = var.ml_workspace == null ? 0 : 1

  scope                = var.ml_workspace.id
  role_definition_name = "AzureML Data Scientist"
  principal_id         = azurerm_user_assigned_identity.part["batch"].principal_id
  principal_type       = "ServicePrincipal"
}
