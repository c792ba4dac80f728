# What differs from owner to owner. What makes this environment what it is stands in main.tf.

variable "subscription_id" {
  description = "Subscription that everything goes to."
  type        = string
}

variable "tenant_id" {
  description = "Entra ID tenant of the subscription."
  type        = string
}

variable "location" {
  description = "Azure region in its short form. Take one with availability zones."
  type        = string
  default     = "westeurope"
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

variable "owner" {
  description = "Team that answers for this environment; a tag."
  type        = string

  validation {
    condition     = length(trimspace(var.owner)) > 0
    error_message = "owner must not be empty."
  }
}

variable "cost_center" {
  description = "Who pays; a tag."
  type        = string
  default     = "unassigned"
}

variable "admin_group_object_ids" {
  description = "Entra ID groups that administer cluster and secrets."
  type        = list(string)
}

variable "github_repository" {
  description = "Repository (OWNER/NAME) whose workflows deploy from the GitHub environment of this name; null for none."
  type        = string
  default     = null
}

variable "alert_emails" {
  description = "Who gets mail when a rule fires or the budget runs out."
  type        = list(string)
}

variable "alert_webhooks" {
  description = "Further receivers of every alert, by name: https addresses that take Azure's common alert schema. Give it as TF_VAR_alert_webhooks: such addresses hold keys."
  type        = map(string)
  default     = {}
  sensitive   = true
}

variable "operations_webhook_url" {
  description = "Chat webhook that the Logic App posts alerts to; null for none. Give it as TF_VAR_operations_webhook_url: it is a secret."
  type        = string
  default     = null
  sensitive   = true
}

variable "budget" {
  description = "Monthly budget in the subscription's currency and the first of the month it starts with, not in the past."
  type = object({
    amount = number
    start  = string
  })
}

variable "ingress_ip_ranges" {
  description = "Internet ranges that may reach a public load balancer of the cluster on port 443. Empty: none."
  type        = list(string)
  default     = []
}

variable "scored_transactions_enabled" {
  description = "Whether to create scored-transactions, which carries every vector and score."
  type        = bool
  default     = false
}

variable "vault_readers_enabled" {
  description = "Whether the parts may read the key vault's secrets, as the chart's keyVault has them do. Off: pods take theirs from Kubernetes alone."
  type        = bool
  default     = false
}

variable "ml_enabled" {
  description = "Whether to create the Azure ML workspace (MLflow tracking of runs, a registry for models that you put in)."
  type        = bool
  default     = true
}

variable "ml_endpoint_enabled" {
  description = "Whether to create a managed online endpoint in it."
  type        = bool
  default     = false
}

variable "databricks_enabled" {
  description = "Whether to create Databricks for the Spark ETL job."
  type        = bool
  default     = false
}

variable "databricks_job_principal_id" {
  description = "Object id of the service principal that the Spark ETL job logs in as; null for none. It gets the job's access to the lake."
  type        = string
  default     = null
}

variable "synapse" {
  description = "Entra ID group that administers Synapse serverless SQL; null for no Synapse."
  type = object({
    admin_group_name      = string
    admin_group_object_id = string
  })
  default = null
}

variable "synapse_sql_password" {
  description = "Password of Synapse's SQL administrator, who cannot log in; needed with synapse. Give it as TF_VAR_synapse_sql_password."
  type        = string
  default     = null
  sensitive   = true
}

variable "allowed_ip_ranges" {
  description = "Public addresses of the developers, which may reach Event Hubs, the lake, the vault and the API server. Single addresses without a suffix, ranges up to /30."
  type        = list(string)

  validation {
    condition     = length(var.allowed_ip_ranges) > 0
    error_message = "allowed_ip_ranges needs at least your own address: without it nobody outside of the cluster gets in."
  }
}
