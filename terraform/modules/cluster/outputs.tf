output "cluster_id" {
  description = "The AKS cluster."
  value       = azurerm_kubernetes_cluster.main.id
}

output "cluster_name" {
  description = "Name of the AKS cluster."
  value       = azurerm_kubernetes_cluster.main.name
}

output "oidc_issuer_url" {
  description = "Issuer of the service accounts' tokens, which the federated credentials trust."
  value       = azurerm_kubernetes_cluster.main.oidc_issuer_url
}

output "node_resource_group" {
  description = "Resource group in which AKS keeps the nodes."
  value       = azurerm_kubernetes_cluster.main.node_resource_group
}

output "registry_id" {
  description = "The container registry."
  value       = azurerm_container_registry.main.id
}

output "registry_login_server" {
  description = "Host of the container registry."
  value       = "${azurerm_container_registry.main.name}.azurecr.io"
}

output "pools" {
  description = "Size limits and priority of the node pools."
  value = { for name, pool in azurerm_kubernetes_cluster_node_pool.main : name => {
    vm_size  = pool.vm_size
    minimum  = pool.min_count
    maximum  = pool.max_count
    priority = pool.priority
    taints   = coalesce(pool.node_taints, [])
  } }
}

output "posture" {
  description = "What cluster and registry let in, for review and tests."
  value = {
    private_cluster          = azurerm_kubernetes_cluster.main.private_cluster_enabled
    run_command              = azurerm_kubernetes_cluster.main.run_command_enabled
    local_accounts_disabled  = azurerm_kubernetes_cluster.main.local_account_disabled
    azure_rbac               = azurerm_kubernetes_cluster.main.azure_active_directory_role_based_access_control[0].azure_rbac_enabled
    workload_identity        = azurerm_kubernetes_cluster.main.workload_identity_enabled
    data_plane               = azurerm_kubernetes_cluster.main.network_profile[0].network_data_plane
    upgrade_channel          = azurerm_kubernetes_cluster.main.automatic_upgrade_channel
    sku_tier                 = azurerm_kubernetes_cluster.main.sku_tier
    registry_public_access   = azurerm_container_registry.main.public_network_access_enabled
    registry_admin_enabled   = azurerm_container_registry.main.admin_enabled
    registry_anonymous_pull  = azurerm_container_registry.main.anonymous_pull_enabled
    authorized_ip_ranges     = try(azurerm_kubernetes_cluster.main.api_server_access_profile[0].authorized_ip_ranges, [])
    system_pool_zones        = azurerm_kubernetes_cluster.main.default_node_pool[0].zones
    system_pool_only_add_ons = azurerm_kubernetes_cluster.main.default_node_pool[0].only_critical_addons_enabled
  }
}
