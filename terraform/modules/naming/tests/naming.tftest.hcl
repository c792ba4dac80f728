# The longest parts that the validations let through: a name that fits here fits always.
variables {
  workload        = "abcdefgh"
  environment     = "prod"
  location        = "southcentralus"
  subscription_id = "00000000-0000-0000-0000-000000000001"
}

run "names_fit_azures_limits" {
  command = plan

  assert {
    condition     = can(regex("^[a-z0-9]{3,24}$", output.names.lake_account)) && can(regex("^[a-z0-9]{3,24}$", output.names.ml_account))
    error_message = "A storage account's name is 3 to 24 lower-case letters and digits: ${output.names.lake_account}, ${output.names.ml_account}."
  }

  assert {
    condition     = alltrue([for name in [output.names.key_vault, output.names.ml_key_vault] : can(regex("^[a-z][a-z0-9-]{1,22}[a-z0-9]$", name))])
    error_message = "A key vault's name is 3 to 24 characters and starts with a letter: ${output.names.key_vault}, ${output.names.ml_key_vault}."
  }

  assert {
    condition     = can(regex("^[a-z0-9]{5,50}$", output.names.registry))
    error_message = "A registry's name is 5 to 50 letters and digits: ${output.names.registry}."
  }

  assert {
    condition     = can(regex("^[a-z][a-z0-9-]{4,48}[a-z0-9]$", output.names.eventhub_namespace)) && !can(regex("(-sb|-mgmt)$", output.names.eventhub_namespace))
    error_message = "An Event Hubs namespace's name is 6 to 50 characters and does not end in -sb or -mgmt: ${output.names.eventhub_namespace}."
  }

  assert {
    condition     = can(regex("^[a-z][a-z0-9-]{2,31}[a-z0-9]$", output.names.ml_workspace)) && length(output.names.ml_endpoint) <= 32
    error_message = "A machine learning workspace's name is 3 to 33 characters, an endpoint's 3 to 32: ${output.names.ml_workspace}, ${output.names.ml_endpoint}."
  }

  assert {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,48}[a-z0-9]$", output.names.synapse)) && !strcontains(output.names.synapse, "-ondemand")
    error_message = "A Synapse workspace's name is 1 to 50 characters without -ondemand: ${output.names.synapse}."
  }

  # A collection endpoint's limit is 44 and the private endpoints, alerts and identities get a tail of up to 24.
  assert {
    condition     = alltrue([for name in values(output.names) : length(name) <= 44])
    error_message = "Every name must leave room within Azure's 63 and 80 characters: ${jsonencode([for name in values(output.names) : name if length(name) > 44])}."
  }

  assert {
    condition     = length(distinct(values(output.names))) == length(output.names)
    error_message = "Two resources share one name."
  }
}

run "suffix_depends_on_the_subscription" {
  command = plan

  variables {
    subscription_id = "00000000-0000-0000-0000-000000000002"
  }

  assert {
    condition     = output.suffix != run.names_fit_azures_limits.suffix && can(regex("^[0-9a-f]{4}$", output.suffix))
    error_message = "Another subscription must give another suffix: ${output.suffix}."
  }
}

run "a_given_suffix_is_kept" {
  command = plan

  variables {
    suffix = "x9y8"
  }

  assert {
    condition     = endswith(output.names.lake_account, "x9y8")
    error_message = "The suffix that was asked for is not in ${output.names.lake_account}."
  }
}

run "an_unlisted_region_needs_a_code" {
  command = plan

  variables {
    location = "mooncentral"
  }

  expect_failures = [output.names]
}

run "an_unlisted_region_with_a_code_is_fine" {
  command = plan

  variables {
    location    = "mooncentral"
    region_code = "moc"
  }

  assert {
    condition     = output.names.cluster == "aks-abcdefgh-prod-moc"
    error_message = "The given region code is not used: ${output.names.cluster}."
  }
}

run "parts_that_would_not_fit_are_refused" {
  command = plan

  variables {
    workload    = "abcdefghi"
    environment = "Production"
  }

  expect_failures = [var.workload, var.environment]
}
