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

variable "sku" {
  description = "Tier of the Event Hubs namespace. Basic has neither Kafka nor Capture."
  type        = string

  validation {
    condition     = contains(["Standard", "Premium"], var.sku)
    error_message = "sku must be Standard or Premium."
  }
}

variable "capacity" {
  description = "Throughput units (Standard: 1 MB/s or 1,000 events/s in each) or processing units (Premium)."
  type        = number

  validation {
    condition     = var.sku == "Premium" ? contains([1, 2, 4, 6, 8, 10, 12, 16], var.capacity) : var.capacity >= 1 && var.capacity <= 40 && floor(var.capacity) == var.capacity
    error_message = "capacity must be 1 to 40 throughput units for Standard, or 1, 2, 4, 6, 8, 10, 12 or 16 processing units for Premium."
  }
}

variable "maximum_throughput_units" {
  description = "Standard only: how far the namespace inflates itself under load. Equal to capacity: not at all. It never deflates by itself."
  type        = number
  default     = null

  validation {
    condition     = var.maximum_throughput_units == null || (var.sku == "Standard" && try(var.maximum_throughput_units >= var.capacity && var.maximum_throughput_units <= 40, false))
    error_message = "maximum_throughput_units is for Standard only, and from capacity to 40."
  }
}

variable "partition_count" {
  description = "Partitions of every hub. An account's place follows from this number, so choose it for the largest load to come: Standard cannot change it, Premium can only raise it, and raising moves accounts."
  type        = number
  default     = 32

  validation {
    condition     = var.partition_count >= 1 && var.partition_count <= (var.sku == "Premium" ? 100 : 32) && floor(var.partition_count) == var.partition_count
    error_message = "partition_count must be a whole number from 1 to 32 (Standard) or 100 (Premium)."
  }
}

variable "retention_hours" {
  description = "How long the hubs keep events. Recovery after an outage and rebuilding without the lake reach back no further."
  type        = number
  default     = 168

  validation {
    condition     = var.retention_hours >= 24 && var.retention_hours <= (var.sku == "Premium" ? 2160 : 168)
    error_message = "retention_hours must be from 24 to 168 (Standard) or 2160 (Premium)."
  }
}

variable "ingress_enabled" {
  description = "Whether to create transactions-ingress, for producers that send no key."
  type        = bool
  default     = true
}

variable "scored_transactions_enabled" {
  description = "Whether to create scored-transactions, which carries every vector and score: as much traffic again as the transactions."
  type        = bool
  default     = false
}

variable "capture" {
  description = "Where Capture writes the raw events, and how often: a file when interval or size is reached, whichever comes first."
  type = object({
    storage_account_id  = string
    container_id        = string
    container_name      = string
    interval_in_seconds = optional(number, 300)
    size_limit_in_bytes = optional(number, 104857600)
  })

  validation {
    condition     = var.capture.interval_in_seconds >= 60 && var.capture.interval_in_seconds <= 900
    error_message = "capture.interval_in_seconds must be from 60 to 900."
  }

  validation {
    condition     = var.capture.size_limit_in_bytes >= 10485760 && var.capture.size_limit_in_bytes <= 524288000
    error_message = "capture.size_limit_in_bytes must be from 10485760 to 524288000."
  }
}
