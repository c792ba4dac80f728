# The limits on the parts are what keeps every name below within Azure's tightest limit, 24 characters for a storage
# account: prefix (≤ 4) + workload (≤ 8) + environment (≤ 4) + region (≤ 4) + suffix (4) = 24.

variable "workload" {
  description = "What the resources are for; first part of every name."
  type        = string
  default     = "outrider"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,7}$", var.workload))
    error_message = "workload must be 2 to 8 lower-case letters and digits, starting with a letter."
  }
}

variable "environment" {
  description = "Environment, for example dev or prod; second part of every name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,3}$", var.environment))
    error_message = "environment must be 2 to 4 lower-case letters and digits, starting with a letter."
  }
}

variable "location" {
  description = "Azure region in its short form, for example westeurope."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]+$", var.location))
    error_message = "location must be the region's short form: lower-case letters and digits, for example westeurope."
  }
}

variable "region_code" {
  description = "Third part of every name, 2 to 4 characters. null looks it up; regions that are not listed here need it."
  type        = string
  default     = null

  validation {
    condition     = var.region_code == null || can(regex("^[a-z0-9]{2,4}$", var.region_code))
    error_message = "region_code must be 2 to 4 lower-case letters and digits."
  }
}

variable "subscription_id" {
  description = "Subscription that the names are for; the default suffix is derived from it."
  type        = string
}

variable "suffix" {
  description = "Four characters that make globally unique names unique. null derives them from subscription, workload and environment, so that they never change between runs."
  type        = string
  default     = null

  validation {
    condition     = var.suffix == null || can(regex("^[a-z0-9]{4}$", var.suffix))
    error_message = "suffix must be exactly 4 lower-case letters and digits."
  }
}
