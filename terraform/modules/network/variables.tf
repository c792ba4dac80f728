variable "context" {
  description = "Where the resources go and what they are called: resource group, region, tags, names by purpose (module naming)."
  type = object({
    resource_group_name = string
    location            = string
    tags                = map(string)
    names               = map(string)
  })
}

variable "address_space" {
  description = "Address range of the virtual network, /16 to /20. Must not overlap with networks that it will be peered with, nor with the cluster's pod and service ranges."
  type        = string
  default     = "10.40.0.0/16"

  validation {
    condition     = can(cidrnetmask(var.address_space)) && try(tonumber(split("/", var.address_space)[1]) >= 16 && tonumber(split("/", var.address_space)[1]) <= 20, false)
    error_message = "address_space must be an IPv4 range between /16 and /20, for example 10.40.0.0/16."
  }
}

variable "zones" {
  description = "Availability zones of the outbound address."
  type        = list(string)
  default     = ["1", "2", "3"]
}

variable "private_endpoints_enabled" {
  description = "Whether services are reached through private endpoints: creates their DNS zones. Without it the nodes' subnet gets service endpoints instead."
  type        = bool
}

variable "private_dns_zones" {
  description = "DNS zones of the services that get private endpoints, by a short key."
  type        = map(string)
  default     = {}
}

variable "client_ip_ranges" {
  description = "Private ranges beyond this network (a peered office or hub network) that may use the private endpoints."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for range in var.client_ip_ranges : can(cidrnetmask(range))])
    error_message = "client_ip_ranges must be IPv4 ranges such as 10.1.0.0/16."
  }
}

variable "ingress_ip_ranges" {
  description = "Internet ranges that may reach a public load balancer of the cluster on port 443. Empty: nothing from the internet."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for range in var.ingress_ip_ranges : can(cidrnetmask(range)) && !endswith(range, "/0")])
    error_message = "ingress_ip_ranges must be IPv4 ranges, and not the whole internet."
  }
}

variable "spark_subnets_enabled" {
  description = "Whether to lay the two delegated subnets that Databricks needs in a network of one's own."
  type        = bool
  default     = false
}
