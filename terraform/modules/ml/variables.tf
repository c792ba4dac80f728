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

variable "tenant_id" {
  description = "Entra ID tenant of the workspace's key vault."
  type        = string
}

variable "application_insights_id" {
  description = "Application Insights that the workspace reports to."
  type        = string
}

variable "registry_id" {
  description = "Container registry, used with the managed endpoint only: tracking and registry need none."
  type        = string
}

variable "lake" {
  description = "The lake's account, and the containers of the datasets and of the models, by their ids."
  type = object({
    account_id          = string
    container_id        = string
    models_container_id = string
  })
}

variable "endpoint_enabled" {
  description = "Whether to create a managed online endpoint. Outrider scores by itself and does not use it; it is for others who want the model behind an address of Azure's."
  type        = bool
  default     = false
}

variable "purge_protection_enabled" {
  description = "Whether the workspace's key vault keeps what is deleted for its whole retention."
  type        = bool
}
