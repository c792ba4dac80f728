# The platform's outputs, under the same names.

output "resource_group_name" {
  description = "Resource group of everything."
  value       = module.platform.resource_group_name
}

output "names" {
  description = "Name of each resource, by what it is for."
  value       = module.platform.names
}

output "eventhub_fully_qualified_namespace" {
  description = "For EVENTHUB_FULLY_QUALIFIED_NAMESPACE."
  value       = module.platform.eventhub_fully_qualified_namespace
}

output "kafka_bootstrap_servers" {
  description = "Kafka endpoint of Event Hubs."
  value       = module.platform.kafka_bootstrap_servers
}

output "eventhub_name" {
  description = "For EVENTHUB_NAME."
  value       = module.platform.eventhub_name
}

output "hubs" {
  description = "Event hubs with partitions, retention and Capture."
  value       = module.platform.hubs
}

output "consumer_groups" {
  description = "Consumer groups for readers that speak AMQP, as HUB/GROUP."
  value       = module.platform.consumer_groups
}

output "storage_account_url" {
  description = "For AZURE_STORAGE_ACCOUNT_URL."
  value       = module.platform.storage_account_url
}

output "containers" {
  description = "The lake's containers by purpose."
  value       = module.platform.containers
}

output "cluster_name" {
  description = "The AKS cluster."
  value       = module.platform.cluster_name
}

output "node_pools" {
  description = "Size limits and priority of the node pools."
  value       = module.platform.node_pools
}

output "registry_login_server" {
  description = "Host of the container registry."
  value       = module.platform.registry_login_server
}

output "outbound_ip" {
  description = "Address under which the cluster appears on the internet."
  value       = module.platform.outbound_ip
}

output "client_ids" {
  description = "Client id of each part's identity, for the annotation of its service account."
  value       = module.platform.client_ids
}

output "service_accounts" {
  description = "Service account that each identity trusts."
  value       = module.platform.service_accounts
}

output "roles" {
  description = "What each part may do."
  value       = module.platform.roles
}

output "vault_readers" {
  description = "Parts that may read the key vault's secrets; none unless vault_readers_enabled."
  value       = module.platform.vault_readers
}

output "pipeline_client_id" {
  description = "Client id that the deployment workflow logs in with; null without one."
  value       = module.platform.pipeline_client_id
}

output "pipeline_subject" {
  description = "GitHub subject that the pipeline's identity trusts; null without one."
  value       = module.platform.pipeline_subject
}

output "key_vault_url" {
  description = "Address of the key vault."
  value       = module.platform.key_vault_url
}

output "application_insights_connection_string" {
  description = "For the OTLP collector's exporter."
  value       = module.platform.application_insights_connection_string
  sensitive   = true
}

output "prometheus_query_endpoint" {
  description = "Where Grafana and KEDA query the metrics."
  value       = module.platform.prometheus_query_endpoint
}

output "alert_rules" {
  description = "Severity of every alert rule, by kind and name."
  value       = module.platform.alert_rules
}

output "alert_receivers" {
  description = "How many receivers of each kind the alerts have."
  value       = module.platform.alert_receivers
}

output "case_webhook_url" {
  description = "Where Outrider's own alert webhook posts to; a secret, for it holds a signature."
  value       = module.platform.case_webhook_url
  sensitive   = true
}

output "diagnosed" {
  description = "Resources whose logs are kept."
  value       = module.platform.diagnosed
}

output "budget" {
  description = "Monthly budget and its thresholds."
  value       = module.platform.budget
}

output "mlflow_tracking_uri" {
  description = "For MLFLOW_TRACKING_URI; null without Azure ML."
  value       = module.platform.mlflow_tracking_uri
}

output "mlflow_azure_datastore" {
  description = "For OUTRIDER_MLFLOW_AZURE_DATASTORE; null without Azure ML."
  value       = module.platform.mlflow_azure_datastore
}

output "ml_endpoint_name" {
  description = "Managed online endpoint; null without one."
  value       = module.platform.ml_endpoint_name
}

output "databricks_url" {
  description = "Host of the Databricks workspace; null without one."
  value       = module.platform.databricks_url
}

output "databricks_access_connector_id" {
  description = "For the storage credential in Unity Catalog; null without Databricks."
  value       = module.platform.databricks_access_connector_id
}

output "databricks_roles" {
  description = "What the access connector may do in the lake, by container."
  value       = module.platform.databricks_roles
}

output "databricks_job_roles" {
  description = "What the ETL job's own identity may do in the lake, by container; empty without one."
  value       = module.platform.databricks_job_roles
}

output "synapse_sql_endpoint" {
  description = "Serverless SQL endpoint; null without Synapse."
  value       = module.platform.synapse_sql_endpoint
}

output "synapse_views_sql" {
  description = "Statements that create the views; null without Synapse."
  value       = module.platform.synapse_views_sql
}

output "private_endpoints" {
  description = "Services that are reached privately."
  value       = module.platform.private_endpoints
}

output "private_subresources" {
  description = "What of each privately reached service the endpoint leads to."
  value       = module.platform.private_subresources
}

output "tags" {
  description = "Tags of every resource."
  value       = module.platform.tags
}

output "posture" {
  description = "What each service lets in: one place to see that nothing is open which should not be."
  value       = module.platform.posture
}
