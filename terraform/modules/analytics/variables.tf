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

variable "lake" {
  description = "The lake: Data Lake address, container names and container ids by purpose."
  type = object({
    dfs_url       = string
    containers    = map(string)
    container_ids = map(string)
  })
}

variable "databricks_enabled" {
  description = "Whether to create a Databricks workspace for the Spark ETL job."
  type        = bool
  default     = false
}

variable "databricks_job_principal_id" {
  description = "Object id of the service principal that the Spark ETL job logs in as, with a secret of Databricks' own; null for none. It gets the job's access to the lake."
  type        = string
  default     = null

  validation {
    condition     = var.databricks_job_principal_id == null || can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.databricks_job_principal_id))
    error_message = "databricks_job_principal_id must be an object id, such as az ad sp show --id CLIENT-ID --query id prints."
  }
}

variable "spark_network" {
  description = "Subnets that Databricks runs in (module network); needed when it is enabled."
  type = object({
    virtual_network_id       = string
    subnet_ids               = list(string)
    host_subnet_name         = string
    container_subnet_name    = string
    host_association_id      = string
    container_association_id = string
  })
  default = null
}

variable "tenant_id" {
  description = "Entra ID tenant of Synapse's administrators."
  type        = string
}

variable "synapse" {
  description = "Synapse serverless SQL over the lake, for reports; null for none. admin_group is the Entra ID group that administers it."
  type = object({
    admin_group_name      = string
    admin_group_object_id = string
  })
  default = null
}

variable "synapse_sql_password" {
  description = "Password of the SQL administrator that the service insists on at creation. Nobody logs in with it: only Entra ID logins are allowed."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.synapse == null || length(coalesce(var.synapse_sql_password, "-")) >= 16
    error_message = "synapse_sql_password must have at least 16 characters when Synapse is enabled."
  }
}
