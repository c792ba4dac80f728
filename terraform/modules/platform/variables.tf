variable "environment" {
  description = "Environment, for example dev or prod; part of every name."
  type        = string
}

variable "subscription_id" {
  description = "Subscription that everything goes to."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.subscription_id))
    error_message = "subscription_id must be a lower-case UUID."
  }
}

variable "tenant_id" {
  description = "Entra ID tenant of the subscription."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.tenant_id))
    error_message = "tenant_id must be a lower-case UUID."
  }
}

variable "location" {
  description = "Azure region in its short form, for example westeurope. Take one with availability zones."
  type        = string
}

variable "naming" {
  description = "Parts of the names that have defaults: workload, region_code for an unlisted region, suffix for globally unique names."
  type = object({
    workload    = optional(string, "outrider")
    region_code = optional(string)
    suffix      = optional(string)
  })
  default = {}
}

variable "tags" {
  description = "Tags of every resource, beside workload, environment and managed-by."
  type        = map(string)
  default     = {}
}

variable "private" {
  description = "Whether the services are reached through private endpoints only, and the API server by a private address only."
  type        = bool
}

variable "zones" {
  description = "Availability zones of nodes and outbound address."
  type        = list(string)
  default     = ["1", "2", "3"]
}

variable "address_space" {
  description = "Address range of the virtual network."
  type        = string
  default     = "10.40.0.0/16"
}

variable "client_ip_ranges" {
  description = "Private ranges beyond the network (peered, by VPN) that may use its private endpoints."
  type        = list(string)
  default     = []
}

variable "ingress_ip_ranges" {
  description = "Internet ranges that may reach a public load balancer of the cluster on port 443."
  type        = list(string)
  default     = []
}

variable "allowed_ip_ranges" {
  description = "Public addresses (of developers, of the office) that may reach the services where they are not private. Single addresses without a suffix, ranges up to /30: the storage service accepts no others."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for range in var.allowed_ip_ranges : can(regex("^[0-9.]+(/([89]|[12][0-9]|30))?$", range)) && can(cidrhost(strcontains(range, "/") ? range : "${range}/32", 0))])
    error_message = "allowed_ip_ranges must be IPv4 addresses such as 203.0.113.7 or ranges from /8 to /30 such as 203.0.113.0/28."
  }
}

variable "vault_readers_enabled" {
  description = "Whether the parts may read the key vault's secrets, as the chart's keyVault has them do. Off: pods take theirs from Kubernetes alone."
  type        = bool
  default     = false
}

variable "admin_group_object_ids" {
  description = "Entra ID groups that administer cluster and secrets."
  type        = list(string)
}

variable "kubernetes_namespace" {
  description = "Namespace that Outrider is deployed to."
  type        = string
  default     = "outrider"
}

variable "github" {
  description = "Repository (OWNER/NAME) and GitHub environment whose workflows may deploy; null for none."
  type = object({
    repository  = string
    environment = string
  })
  default = null
}

variable "purge_protection_enabled" {
  description = "Whether deleted key vaults are kept for their whole retention. A name cannot be used again before."
  type        = bool
}

variable "stream" {
  description = "Event Hubs: tier, capacity, partitions, retention, optional hubs (module stream)."
  type = object({
    sku                         = string
    capacity                    = number
    maximum_throughput_units    = optional(number)
    partition_count             = optional(number, 32)
    retention_hours             = optional(number, 168)
    ingress_enabled             = optional(bool, true)
    scored_transactions_enabled = optional(bool, false)
  })
}

variable "lake" {
  description = "Storage: copies and retention (module lake)."
  type = object({
    replication        = string
    soft_delete_days   = optional(number, 14)
    raw_retention_days = optional(number, 400)
    cool_after_days    = optional(number, 60)
  })
}

variable "cluster" {
  description = "AKS: tier, version, node pools (module cluster)."
  type = object({
    sku_tier           = string
    kubernetes_version = optional(string)
    system_pool = object({
      vm_size   = string
      min_count = number
      max_count = number
    })
    pools = map(object({
      vm_size   = string
      min_count = number
      max_count = number
      spot      = optional(bool, false)
    }))
  })
}

variable "monitoring" {
  description = "Logs, alerts and budget (module monitoring)."
  type = object({
    alert_emails         = list(string)
    expect_traffic       = bool
    latency_objective_ms = optional(number, 500)
    log_retention_days   = optional(number, 30)
    log_daily_quota_gb   = optional(number, -1)
    budget = object({
      amount = number
      start  = string
    })
  })
}

variable "alert_webhooks" {
  description = "Further receivers of every alert, by name: https addresses that take Azure's common alert schema."
  type        = map(string)
  default     = {}
  sensitive   = true
}

variable "operations_webhook_url" {
  description = "Chat webhook that alerts are posted to; null for none."
  type        = string
  default     = null
  sensitive   = true
}

variable "ml" {
  description = "Azure ML workspace for tracking and registry, and the managed endpoint (module ml)."
  type = object({
    enabled          = optional(bool, true)
    endpoint_enabled = optional(bool, false)
  })
  default = {}

  validation {
    condition     = var.ml.enabled || !var.ml.endpoint_enabled
    error_message = "ml.endpoint_enabled needs ml.enabled: the endpoint lives in the workspace."
  }
}

variable "databricks_enabled" {
  description = "Whether to create Databricks for the Spark ETL job (module analytics)."
  type        = bool
  default     = false
}

variable "databricks_job_principal_id" {
  description = "Object id of the service principal that the Spark ETL job logs in as; null for none. It gets the job's access to the lake."
  type        = string
  default     = null
}

variable "synapse" {
  description = "Entra ID group that administers Synapse serverless SQL (module analytics); null for no Synapse."
  type = object({
    admin_group_name      = string
    admin_group_object_id = string
  })
  default = null
}

variable "synapse_sql_password" {
  description = "Password of Synapse's SQL administrator, who cannot log in; needed when Synapse is enabled."
  type        = string
  default     = null
  sensitive   = true
}
