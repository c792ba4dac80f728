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
  description = "Entra ID tenant of the key vault."
  type        = string
}

variable "oidc_issuer_url" {
  description = "Issuer of the cluster's service account tokens."
  type        = string
}

variable "kubernetes_namespace" {
  description = "Namespace that Outrider is deployed to. The federated credentials name it: elsewhere the pods get no token."
  type        = string
  default     = "outrider"

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.kubernetes_namespace))
    error_message = "kubernetes_namespace must be a Kubernetes name: lower-case letters, digits and hyphens."
  }
}

variable "hub_ids" {
  description = "Event hubs by name."
  type        = map(string)
}

variable "container_ids" {
  description = "Containers of the lake by purpose, as module lake calls them."
  type        = map(string)
}

variable "prometheus_workspace_id" {
  description = "Azure Monitor workspace that KEDA reads the consumer lag from."
  type        = string
}

variable "ml_workspace" {
  description = "Machine learning workspace that training logs its runs to; null without one."
  type        = object({ id = string })
  default     = null
}

variable "resource_group_id" {
  description = "Resource group of the cluster, where the pipeline's own role is defined."
  type        = string
}

variable "cluster_id" {
  description = "The AKS cluster, for the roles of the pipeline."
  type        = string
}

variable "registry_id" {
  description = "The container registry, for the roles of the pipeline."
  type        = string
}

variable "github" {
  description = "Repository (OWNER/NAME) and GitHub environment whose workflows may deploy, by OIDC and without a secret; null for none."
  type = object({
    repository  = string
    environment = string
  })
  default = null

  validation {
    condition     = var.github == null || can(regex("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", var.github.repository))
    error_message = "github.repository must be OWNER/NAME."
  }
}

variable "vault_readers_enabled" {
  description = "Whether the parts may read the key vault's secrets, as the chart's keyVault has them do. Off: pods take theirs from Kubernetes alone."
  type        = bool
  default     = false
}

variable "secret_officer_group_ids" {
  description = "Entra ID groups that may write the key vault's secrets."
  type        = list(string)
  default     = []
}

variable "purge_protection_enabled" {
  description = "Whether a deleted vault or secret is kept for its whole retention whatever anyone does. Cannot be switched off again."
  type        = bool
}
