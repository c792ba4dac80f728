output "names" {
  description = "Name of each resource, by what it is for."
  value       = local.names

  precondition {
    condition     = local.region != ""
    error_message = "No code is listed for region ${var.location}: set region_code."
  }
}

output "suffix" {
  description = "The four characters that end globally unique names."
  value       = local.suffix
}
