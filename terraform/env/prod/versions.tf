terraform {
  required_version = ">= 1.11"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.79, < 5.0"
    }
  }

  # Where the state is kept differs from subscription to subscription: terraform init -backend-config=backend.hcl
  backend "azurerm" {}
}
