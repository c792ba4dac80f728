output "client_ids" {
  description = "Client id of each part's identity, for the annotation of its service account; keda for the autoscaler's trigger."
  value = merge(
    { for part, identity in azurerm_user_assigned_identity.part : part => identity.client_id },
    { keda = azurerm_user_assigned_identity.keda.client_id },
  )
}

output "service_accounts" {
  description = "Service account that each identity trusts."
  value = merge(
    { for part, credential in azurerm_federated_identity_credential.part : part => credential.subject },
    { keda = azurerm_federated_identity_credential.keda.subject },
  )
}

output "roles" {
  description = "What each part may do, in words: role by PART VERB RESOURCE."
  value       = { for key, assignment in azurerm_role_assignment.part : key => assignment.role_definition_name }
}

output "vault_readers" {
  description = "Parts that may read the key vault's secrets; none unless vault_readers_enabled."
  value       = sort(keys(azurerm_role_assignment.vault_readers))
}

output "pipeline_client_id" {
  description = "Client id that the deployment workflow logs in with; null without one."
  value       = one(azurerm_user_assigned_identity.pipeline[*].client_id)
}

output "pipeline_subject" {
  description = "GitHub subject that the pipeline's identity trusts; null without one."
  value       = one(azurerm_federated_identity_credential.pipeline[*].subject)
}

output "key_vault_id" {
  description = "The key vault."
  value       = azurerm_key_vault.main.id
}

output "key_vault_url" {
  description = "Address of the key vault."
  value       = "https://${azurerm_key_vault.main.name}.vault.azure.net"
}

output "posture" {
  description = "What the vault lets in, for review and tests."
  value = {
    public_access    = azurerm_key_vault.main.public_network_access_enabled
    rbac             = azurerm_key_vault.main.rbac_authorization_enabled
    purge_protection = azurerm_key_vault.main.purge_protection_enabled
    default_action   = azurerm_key_vault.main.network_acls[0].default_action
  }
}
