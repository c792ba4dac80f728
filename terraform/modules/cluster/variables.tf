variable "context" {
  description = "Where the resources go and what they are called: resource group, region, tags, names by purpose (module naming)."
  type = object({
    resource_group_name = string
    location            = string
    tags                = map(string)
    names               = map(string)
  })
}

variable "nodes_subnet_id" {
  description = "Subnet of the nodes, with a NAT gateway as its way out."
  type        = string
}

variable "nat_ready" {
  description = "Id of the NAT gateway's association with the subnet; the cluster waits for it."
  type        = string
}

variable "private_cluster_enabled" {
  description = "Whether the API server has a private address only. Deployments then run through `az aks command invoke` or from within the network."
  type        = bool
}

variable "authorized_ip_ranges" {
  description = "Addresses that may reach a public API server; ignored for a private one. Empty: any address, still only with an Entra ID login."
  type        = list(string)
  default     = []
}

variable "run_command_enabled" {
  description = "Whether `az aks command invoke` works: for whoever may use it, and cannot reach the API server."
  type        = bool
}

variable "registry_public_access_enabled" {
  description = "Whether the registry answers on the internet, to authenticated callers. false needs a private endpoint and the Premium tier."
  type        = bool
}

variable "kubernetes_version" {
  description = "Minor version such as 1.34. null takes the region's default at creation; patches come by the upgrade channel."
  type        = string
  default     = null

  validation {
    condition     = var.kubernetes_version == null || can(regex("^1\\.[0-9]{2}$", var.kubernetes_version))
    error_message = "kubernetes_version must be a minor version such as 1.34; the upgrade channel picks the patch."
  }
}

variable "sku_tier" {
  description = "Free has no uptime agreement; Standard has one."
  type        = string

  validation {
    condition     = contains(["Free", "Standard", "Premium"], var.sku_tier)
    error_message = "sku_tier must be Free, Standard or Premium."
  }
}

variable "zones" {
  description = "Availability zones of the nodes."
  type        = list(string)
  default     = ["1", "2", "3"]
}

variable "system_pool" {
  description = "Nodes of the cluster's own services."
  type = object({
    vm_size   = string
    min_count = number
    max_count = number
  })

  validation {
    condition     = var.system_pool.min_count >= 1 && var.system_pool.max_count >= var.system_pool.min_count
    error_message = "system_pool needs 1 <= min_count <= max_count."
  }
}

variable "pools" {
  description = "Nodes of Outrider by role: live (detection and API; a node lost is partitions moved) and batch (ETL and training; may shrink to none, may be spot)."
  type = map(object({
    vm_size   = string
    min_count = number
    max_count = number
    spot      = optional(bool, false)
  }))

  validation {
    condition     = contains(keys(var.pools), "live") && alltrue([for name in keys(var.pools) : can(regex("^[a-z][a-z0-9]{0,11}$", name))])
    error_message = "pools needs one called live; a pool's name is 1 to 12 lower-case letters and digits."
  }

  validation {
    condition     = alltrue([for pool in values(var.pools) : pool.min_count >= 0 && pool.max_count >= pool.min_count])
    error_message = "Every pool needs 0 <= min_count <= max_count."
  }

  validation {
    condition     = !try(var.pools.live.spot, false)
    error_message = "The live pool must not be spot: an eviction would move its partitions every time."
  }
}

variable "network_ranges" {
  description = "Ranges inside the cluster: pods (overlay) and services, and the DNS service's address within the latter. Must not overlap with the virtual network."
  type = object({
    pods     = optional(string, "10.244.0.0/16")
    services = optional(string, "10.245.0.0/16")
    dns      = optional(string, "10.245.0.10")
  })
  default = {}
}

variable "admin_group_object_ids" {
  description = "Entra ID groups that administer the cluster."
  type        = list(string)

  validation {
    condition     = length(var.admin_group_object_ids) > 0 && alltrue([for id in var.admin_group_object_ids : can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", id))])
    error_message = "admin_group_object_ids needs at least one group's object id: with local accounts off, nobody else could administer the cluster."
  }
}

variable "tenant_id" {
  description = "Entra ID tenant of the users."
  type        = string
}

variable "log_workspace_id" {
  description = "Log Analytics workspace of the container logs."
  type        = string
}

variable "maintenance" {
  description = "When upgrades may run: weekly, a day and a start in UTC, 4 hours long; node images on a day of their own."
  type = object({
    cluster_day = optional(string, "Sunday")
    nodes_day   = optional(string, "Saturday")
    start_time  = optional(string, "02:00")
  })
  default = {}
}
