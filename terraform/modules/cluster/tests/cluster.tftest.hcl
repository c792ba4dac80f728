mock_provider "azurerm" {}

variables {
  context = {
    resource_group_name = "rg-outrider-test-weu"
    location            = "westeurope"
    tags                = {}
    names               = { cluster = "aks-outrider-test-weu", cluster_resource_group = "rg-aks-outrider-test-weu", cluster_identity = "id-aks", kubelet_identity = "id-kubelet", registry = "croutridertestweu0000" }
  }
  tenant_id                      = "00000000-0000-0000-0000-000000000002"
  nodes_subnet_id                = "subnet"
  nat_ready                      = "association"
  private_cluster_enabled        = true
  run_command_enabled            = true
  registry_public_access_enabled = false
  sku_tier                       = "Standard"
  system_pool                    = { vm_size = "Standard_D4ds_v5", min_count = 3, max_count = 5 }
  pools                          = { live = { vm_size = "Standard_D8ds_v5", min_count = 3, max_count = 12 }, batch = { vm_size = "Standard_D16ds_v5", min_count = 0, max_count = 4, spot = true } }
  admin_group_object_ids         = ["00000000-0000-0000-0000-000000000003"]
  log_workspace_id               = "workspace"
}

run "kubelet_pulls_and_nothing_else" {
  command = plan

  assert {
    condition     = azurerm_role_assignment.kubelet_pull.role_definition_name == "AcrPull" && azurerm_role_assignment.cluster_subnet.scope == "subnet"
    error_message = "The roles of cluster and kubelet have changed."
  }
}

run "add_ons_that_outrider_needs_are_on" {
  command = plan

  assert {
    condition     = azurerm_kubernetes_cluster.main.oidc_issuer_enabled && azurerm_kubernetes_cluster.main.workload_identity_enabled && azurerm_kubernetes_cluster.main.workload_autoscaler_profile[0].keda_enabled && length(azurerm_kubernetes_cluster.main.monitor_metrics) == 1
    error_message = "OIDC issuer, workload identity, KEDA and managed Prometheus must be on."
  }

  assert {
    condition     = azurerm_kubernetes_cluster.main.network_profile[0].outbound_type == "userAssignedNATGateway" && azurerm_kubernetes_cluster.main.network_profile[0].network_plugin_mode == "overlay"
    error_message = "Pods must live in the overlay and leave by the NAT gateway."
  }
}

run "spot_nodes_keep_the_marks_that_the_service_gives_them" {
  command = plan

  assert {
    condition     = azurerm_kubernetes_cluster_node_pool.main["batch"].priority == "Spot" && contains(azurerm_kubernetes_cluster_node_pool.main["batch"].node_taints, "kubernetes.azure.com/scalesetpriority=spot:NoSchedule") && length(azurerm_kubernetes_cluster_node_pool.main["batch"].upgrade_settings) == 0
    error_message = "A spot pool needs the service's own taint and no surge."
  }
}

run "a_closed_registry_is_premium" {
  command = plan

  assert {
    condition     = azurerm_container_registry.main.sku == "Premium" && azurerm_container_registry.main.network_rule_bypass_option == "AzureServices"
    error_message = "Private endpoints need the Premium tier; images come in by import."
  }
}

run "mistakes_are_refused" {
  command = plan

  variables {
    pools                  = { live = { vm_size = "Standard_D8ds_v5", min_count = 3, max_count = 2, spot = true } }
    admin_group_object_ids = []
    kubernetes_version     = "1.34.2"
    sku_tier               = "Gold"
    system_pool            = { vm_size = "Standard_D4ds_v5", min_count = 0, max_count = 5 }
  }

  expect_failures = [var.pools, var.admin_group_object_ids, var.kubernetes_version, var.sku_tier, var.system_pool]
}
