# One rule for all names: TYPE-WORKLOAD-ENVIRONMENT-REGION, the type abbreviated as Microsoft's Cloud Adoption Framework
# does. Where a name must be unique in all of Azure, a four-character suffix follows; where hyphens are not allowed or
# 24 characters are all there is, the parts are run together.

locals {
  region_codes = {
    australiaeast      = "aue"
    brazilsouth        = "brs"
    canadacentral      = "cac"
    centralindia       = "inc"
    centralus          = "cus"
    eastasia           = "ea"
    eastus             = "eus"
    eastus2            = "eus2"
    francecentral      = "frc"
    germanywestcentral = "gwc"
    italynorth         = "itn"
    japaneast          = "jpe"
    koreacentral       = "krc"
    northeurope        = "neu"
    norwayeast         = "nwe"
    polandcentral      = "plc"
    southafricanorth   = "san"
    southcentralus     = "scus"
    southeastasia      = "sea"
    spaincentral       = "spc"
    swedencentral      = "sec"
    switzerlandnorth   = "szn"
    uaenorth           = "uan"
    uksouth            = "uks"
    westeurope         = "weu"
    westus2            = "wus2"
    westus3            = "wus3"
  }

  region = var.region_code != null ? var.region_code : lookup(local.region_codes, var.location, "")
  suffix = var.suffix != null ? var.suffix : substr(sha1("${var.subscription_id}/${var.workload}/${var.environment}"), 0, 4)

  base    = "${var.workload}-${var.environment}-${local.region}"
  unique  = "${local.base}-${local.suffix}"
  compact = "${var.workload}${var.environment}${local.region}${local.suffix}"

  names = {
    resource_group          = "rg-${local.base}"
    virtual_network         = "vnet-${local.base}"
    subnet_nodes            = "snet-nodes"
    subnet_endpoints        = "snet-endpoints"
    subnet_spark_host       = "snet-spark-host"
    subnet_spark_container  = "snet-spark-container"
    security_group_nodes    = "nsg-nodes-${local.base}"
    security_group_endpoint = "nsg-endpoints-${local.base}"
    security_group_spark    = "nsg-spark-${local.base}"
    nat_gateway             = "ng-${local.base}"
    nat_address             = "pip-ng-${local.base}"
    private_endpoint        = "pep-${local.base}"

    eventhub_namespace = "evhns-${local.unique}"
    capture_identity   = "id-capture-${local.base}"
    lake_account       = "st${local.compact}"

    cluster                = "aks-${local.base}"
    cluster_resource_group = "rg-aks-${local.base}"
    cluster_identity       = "id-aks-${local.base}"
    kubelet_identity       = "id-kubelet-${local.base}"
    registry               = "cr${local.compact}"

    workload_identity = "id-${local.base}"
    key_vault         = "kv${local.compact}"

    log_workspace        = "log-${local.base}"
    application_insights = "appi-${local.base}"
    prometheus_workspace = "amw-${local.base}"
    collection_endpoint  = "dce-${local.base}"
    collection_rule      = "dcr-${local.base}"
    action_group         = "ag-${local.base}"
    alert                = "alert-${local.base}"
    logic_app            = "logic-${local.base}"
    logic_app_cases      = "logic-cases-${local.base}"
    budget               = "budget-${local.base}"

    ml_workspace = "mlw-${local.base}"
    ml_identity  = "id-mlw-${local.base}"
    ml_account   = "stml${local.compact}"
    ml_key_vault = "kvml${local.compact}"
    ml_endpoint  = "score-${local.unique}"

    databricks                = "dbw-${local.base}"
    databricks_resource_group = "rg-dbw-${local.base}"
    databricks_connector      = "dbac-${local.base}"
    synapse                   = "syn-${local.unique}"
  }
}
