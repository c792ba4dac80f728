variable "context" {
  description = "Where the resources go and what they are called: resource group, region, tags, names by purpose (module naming)."
  type = object({
    resource_group_name = string
    location            = string
    tags                = map(string)
    names               = map(string)
  })
}

variable "network_access" {
  description = "Who may connect: public_access_enabled false leaves private endpoints only; otherwise the allowed addresses and subnets, and nobody else."
  type = object({
    public_access_enabled = bool
    allowed_ip_ranges     = optional(list(string), [])
    allowed_subnet_ids    = optional(list(string), [])
  })
}

variable "replication" {
  description = "Copies of the data: LRS one data centre, ZRS three zones, GZRS three zones and a second region."
  type        = string

  validation {
    condition     = contains(["LRS", "ZRS", "GRS", "RAGRS", "GZRS", "RAGZRS"], var.replication)
    error_message = "replication must be LRS, ZRS, GRS, RAGRS, GZRS or RAGZRS."
  }
}

variable "soft_delete_days" {
  description = "How long a deleted blob or container can be restored, in days."
  type        = number
  default     = 14

  validation {
    condition     = var.soft_delete_days >= 1 && var.soft_delete_days <= 365 && floor(var.soft_delete_days) == var.soft_delete_days
    error_message = "soft_delete_days must be a whole number from 1 to 365."
  }
}

variable "raw_retention_days" {
  description = "After how many days raw captured events are deleted. null keeps them. Backtests, re-driving and new feature plans reach back no further than this."
  type        = number
  default     = 400

  validation {
    condition     = var.raw_retention_days == null || try(var.raw_retention_days > var.cool_after_days && floor(var.raw_retention_days) == var.raw_retention_days, false)
    error_message = "raw_retention_days must be null or a whole number greater than cool_after_days."
  }
}

variable "cool_after_days" {
  description = "After how many days without change raw events and datasets move to the cool tier: cheaper to keep, dearer to read."
  type        = number
  default     = 60

  validation {
    condition     = var.cool_after_days >= 30 && floor(var.cool_after_days) == var.cool_after_days
    error_message = "cool_after_days must be a whole number of at least 30: the cool tier bills 30 days anyway."
  }
}

variable "trusted_resource_ids" {
  description = "Azure resources that may pass the firewall with their identity, as ids in which the last part may be *. For services that run outside of any network, such as Synapse's serverless SQL."
  type        = list(string)
  default     = []
}

variable "tenant_id" {
  description = "Entra ID tenant of trusted_resource_ids."
  type        = string
}
