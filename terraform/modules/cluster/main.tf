locals {
  cluster_name = var.context.names.cluster
}

resource "azurerm_user_assigned_identity" "cluster" {
  name                = var.context.names.cluster_identity
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags
}

resource "azurerm_user_assigned_identity" "kubelet" {
  name                = var.context.names.kubelet_identity
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags
}

# What the control plane needs outside its own resource group: to join nodes to the subnet, to hand out the kubelet's
# identity. The kubelet pulls images and does nothing else.
resource "azurerm_role_assignment" "cluster_subnet" {
  scope                = var.nodes_subnet_id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.cluster.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "cluster_kubelet" {
  scope                = azurerm_user_assigned_identity.kubelet.id
  role_definition_name = "Managed Identity Operator"
  principal_id         = azurerm_user_assigned_identity.cluster.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "kubelet_pull" {
  scope                = azurerm_container_registry.main.id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_user_assigned_identity.kubelet.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "admins" {
  for_each = toset(var.admin_group_object_ids)

  scope                = azurerm_kubernetes_cluster.main.id
  role_definition_name = "Azure Kubernetes Service RBAC Cluster Admin"
  principal_id         = each.value
  principal_type       = "Group"
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = local.cluster_name
  resource_group_name = var.context.resource_group_name
  location            = var.context.location
  tags                = var.context.tags

  dns_prefix          = local.cluster_name
  node_resource_group = var.context.names.cluster_resource_group
  sku_tier            = var.sku_tier
  kubernetes_version  = var.kubernetes_version

  # Who may do what is decided by Entra ID and Azure roles alone: there is no local administrator whose certificate could
  # leak.
  local_account_disabled            = true
  role_based_access_control_enabled = true
  oidc_issuer_enabled               = true
  workload_identity_enabled         = true
  azure_policy_enabled              = true
  cost_analysis_enabled             = var.sku_tier != "Free"
  private_cluster_enabled           = var.private_cluster_enabled
  # This is how a pipeline outside the network deploys; it demands a role of its own.
  run_command_enabled = var.run_command_enabled

  automatic_upgrade_channel    = "patch"
  node_os_upgrade_channel      = "NodeImage"
  image_cleaner_enabled        = true
  image_cleaner_interval_hours = 168

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
    tenant_id          = var.tenant_id
  }

  dynamic "api_server_access_profile" {
    for_each = !var.private_cluster_enabled && length(var.authorized_ip_ranges) > 0 ? [var.authorized_ip_ranges] : []

    content {
      authorized_ip_ranges = api_server_access_profile.value
    }
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.cluster.id]
  }

  kubelet_identity {
    client_id                 = azurerm_user_assigned_identity.kubelet.client_id
    object_id                 = azurerm_user_assigned_identity.kubelet.principal_id
    user_assigned_identity_id = azurerm_user_assigned_identity.kubelet.id
  }

  default_node_pool {
    name                         = "system"
    vm_size                      = var.system_pool.vm_size
    orchestrator_version         = var.kubernetes_version
    auto_scaling_enabled         = true
    min_count                    = var.system_pool.min_count
    max_count                    = var.system_pool.max_count
    only_critical_addons_enabled = true
    os_sku                       = "AzureLinux"
    vnet_subnet_id               = var.nodes_subnet_id
    zones                        = var.zones
    # Pool that takes over while this one is rebuilt for a change of size.
    temporary_name_for_rotation = "systemtmp"
    tags                        = var.context.tags

    upgrade_settings {
      max_surge                = "33%"
      drain_timeout_in_minutes = 30
    }
  }

  network_profile {
    network_plugin      = "azure"
    network_plugin_mode = "overlay"
    network_data_plane  = "cilium"
    network_policy      = "cilium"
    load_balancer_sku   = "standard"
    outbound_type       = "userAssignedNATGateway"
    pod_cidr            = var.network_ranges.pods
    service_cidr        = var.network_ranges.services
    dns_service_ip      = var.network_ranges.dns
  }

  auto_scaler_profile {
    balance_similar_node_groups  = true
    expander                     = "least-waste"
    max_graceful_termination_sec = "180"
    # A node taken away too eagerly moves partitions twice.
    scale_down_unneeded = "15m"
  }

  workload_autoscaler_profile {
    keda_enabled = true
  }

  key_vault_secrets_provider {
    secret_rotation_enabled = true
  }

  monitor_metrics {}

  oms_agent {
    log_analytics_workspace_id      = var.log_workspace_id
    msi_auth_for_monitoring_enabled = true
  }

  maintenance_window_auto_upgrade {
    frequency   = "Weekly"
    interval    = 1
    duration    = 4
    day_of_week = var.maintenance.cluster_day
    start_time  = var.maintenance.start_time
    utc_offset  = "+00:00"
  }

  maintenance_window_node_os {
    frequency   = "Weekly"
    interval    = 1
    duration    = 4
    day_of_week = var.maintenance.nodes_day
    start_time  = var.maintenance.start_time
    utc_offset  = "+00:00"
  }

  lifecycle {
    # The autoscaler owns it.
    ignore_changes = [default_node_pool[0].node_count]

    precondition {
      condition     = var.nat_ready != ""
      error_message = "The nodes' subnet has no NAT gateway."
    }
  }

  depends_on = [
    azurerm_role_assignment.cluster_subnet,
    azurerm_role_assignment.cluster_kubelet,
  ]
}

resource "azurerm_kubernetes_cluster_node_pool" "main" {
  for_each = var.pools

  name                  = each.key
  kubernetes_cluster_id = azurerm_kubernetes_cluster.main.id
  mode                  = "User"
  vm_size               = each.value.vm_size
  orchestrator_version  = var.kubernetes_version
  auto_scaling_enabled  = true
  min_count             = each.value.min_count
  max_count             = each.value.max_count
  os_sku                = "AzureLinux"
  vnet_subnet_id        = var.nodes_subnet_id
  zones                 = var.zones
  tags                  = var.context.tags

  priority        = each.value.spot ? "Spot" : "Regular"
  eviction_policy = each.value.spot ? "Delete" : null
  spot_max_price  = each.value.spot ? -1 : null

  # The service puts the spot label and taint on spot nodes by itself; said here too, the next plan does not remove them.
  node_labels = merge(
    { "outrider.io/pool" = each.key },
    each.value.spot ? { "kubernetes.azure.com/scalesetpriority" = "spot" } : {},
  )
  # Batch work must not take the live path's processors, so its nodes take only what tolerates them.
  node_taints = concat(
    each.key == "live" ? [] : ["outrider.io/pool=${each.key}:NoSchedule"],
    each.value.spot ? ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"] : [],
  )

  temporary_name_for_rotation = "${substr(each.key, 0, 9)}tmp"

  # Spot nodes have no surge setting: the service refuses one.
  dynamic "upgrade_settings" {
    for_each = each.value.spot ? [] : [1]

    content {
      max_surge                = "1"
      drain_timeout_in_minutes = 30
    }
  }

  lifecycle {
    ignore_changes = [node_count]
  }
}
