variable "context" {
  description = "Where the resources go and what they are called: resource group, region, tags, names by purpose (module naming)."
  type = object({
    resource_group_name = string
    location            = string
    tags                = map(string)
    names               = map(string)
  })
}

variable "subscription_id" {
  description = "Subscription whose service health is watched and whose costs are budgeted."
  type        = string
}

variable "budgeted_resource_groups" {
  description = "Resource groups that the budget covers: ours, and those that AKS and Databricks keep their machines in, where most of the money goes."
  type        = list(string)
}

variable "kubernetes_namespace" {
  description = "Namespace of Outrider's pods."
  type        = string
}

variable "partition_count" {
  description = "Partitions of the transactions hub: so many must be owned by somebody."
  type        = number
}

variable "log_retention_days" {
  description = "How long logs are kept, in days."
  type        = number
  default     = 30

  validation {
    condition     = var.log_retention_days >= 30 && var.log_retention_days <= 730
    error_message = "log_retention_days must be from 30 to 730."
  }
}

variable "log_daily_quota_gb" {
  description = "Logs beyond this many GB a day are dropped; -1 for no limit. A guard against a bill, not a budget: what is dropped is gone."
  type        = number
  default     = -1

  validation {
    condition     = var.log_daily_quota_gb == -1 || var.log_daily_quota_gb >= 0.1
    error_message = "log_daily_quota_gb must be -1 or at least 0.1."
  }
}

variable "targets" {
  description = "What the alert rules watch: ids of the Event Hubs namespace, the lake's account and the cluster, and whether the namespace is Premium."
  type = object({
    namespace_id = string
    premium      = bool
    account_id   = string
    cluster_id   = string
  })
}

variable "diagnostics" {
  description = "Resources whose logs go to the workspace, by a short name: category groups, or single categories where a group would be too much."
  type = map(object({
    resource_id     = string
    category_groups = optional(list(string), [])
    categories      = optional(list(string), [])
    dedicated       = optional(bool, false)
  }))

  validation {
    condition     = alltrue([for target in values(var.diagnostics) : length(target.category_groups) + length(target.categories) > 0])
    error_message = "Every entry of diagnostics needs a category or a category group."
  }
}

variable "alert_emails" {
  description = "Who gets mail when a rule fires or the budget runs out."
  type        = list(string)

  validation {
    condition     = length(var.alert_emails) > 0 && alltrue([for address in var.alert_emails : can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", address))])
    error_message = "alert_emails needs at least one mail address: an alert that reaches nobody is none."
  }
}

variable "alert_webhooks" {
  description = "Further receivers of every alert, by name: https addresses that take Azure's common alert schema (PagerDuty, Opsgenie, your own). Such addresses hold keys."
  type        = map(string)
  default     = {}
  sensitive   = true

  validation {
    condition     = alltrue([for url in values(var.alert_webhooks) : startswith(url, "https://")])
    error_message = "alert_webhooks must be https addresses."
  }
}

variable "operations_webhook_url" {
  description = "Chat webhook that the Logic App posts a readable line to ({\"text\": …}, as Slack and Mattermost take it); null for none."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.operations_webhook_url == null || startswith(coalesce(var.operations_webhook_url, "-"), "https://")
    error_message = "operations_webhook_url must be an https address."
  }
}

variable "outbound_ip" {
  description = "IPv4 address under which the cluster appears on the internet: where Outrider's webhooks come from."
  type        = string
}

variable "expect_traffic" {
  description = "Whether a silent stream is an incident. true in production; false where nobody sends at night."
  type        = bool
}

variable "latency_objective_ms" {
  description = "99th percentile from append to decision above which somebody is called, in milliseconds. What waits in the log counts, so this also sees consumer lag. One of the histogram's bounds."
  type        = number
  default     = 500

  validation {
    condition     = contains([25, 50, 100, 250, 500, 1000, 2500, 5000, 10000], var.latency_objective_ms)
    error_message = "latency_objective_ms must be a bound of the histogram: 25, 50, 100, 250, 500, 1000, 2500, 5000 or 10000."
  }
}

variable "budget" {
  description = "Monthly budget in the subscription's currency, and the first day of the month it starts with (YYYY-MM-01)."
  type = object({
    amount = number
    start  = string
  })

  validation {
    condition     = var.budget.amount > 0 && can(regex("^20[0-9]{2}-(0[1-9]|1[0-2])-01$", var.budget.start))
    error_message = "budget.amount must be positive and budget.start the first of a month, for example 2026-12-01."
  }
}
