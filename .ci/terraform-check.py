"""Whether each environment's provider registers what its modules create things of: in a subscription that has none of them yet, what is
not registered cannot be created, and neither validation nor a mocked plan can see it. And whether the documents have the rights for it, and the table of costs adds up.
Needs: Python 3."""
import pathlib, re, sys

# What "core" registers: internal/resourceproviders/required.go of the provider.
CORE = {"Microsoft.Authorization", "Microsoft.Compute", "Microsoft.CostManagement", "Microsoft.ManagedIdentity", "Microsoft.MarketplaceOrdering",
        "Microsoft.Network", "Microsoft.Resources", "Microsoft.Storage"}
# By the beginning of a resource's type, the longest that fits.
NEEDS = {
    "application_insights": ["microsoft.insights"], "consumption_": ["Microsoft.Consumption"], "container_registry": ["Microsoft.ContainerRegistry"],
    "databricks_": ["Microsoft.Databricks"], "eventhub": ["Microsoft.EventHub"], "federated_identity": ["Microsoft.ManagedIdentity"],
    "key_vault": ["Microsoft.KeyVault"], "kubernetes_": ["Microsoft.ContainerService", "Microsoft.Compute", "Microsoft.PolicyInsights"],
    "log_analytics_": ["Microsoft.OperationalInsights"], "logic_app_": ["Microsoft.Logic"], "machine_learning_": ["Microsoft.MachineLearningServices"],
    "monitor_": ["microsoft.insights"], "monitor_workspace": ["Microsoft.Monitor", "microsoft.insights"],
    "monitor_alert_prometheus_rule_group": ["Microsoft.AlertsManagement"], "nat_gateway": ["Microsoft.Network"], "network_": ["Microsoft.Network"],
    "private_": ["Microsoft.Network"], "public_ip": ["Microsoft.Network"], "resource_group": ["Microsoft.Resources"],
    "role_": ["Microsoft.Authorization"], "storage_": ["Microsoft.Storage"], "subnet": ["Microsoft.Network"],
    "synapse_": ["Microsoft.Synapse", "Microsoft.Sql"], "user_assigned_identity": ["Microsoft.ManagedIdentity"], "virtual_network": ["Microsoft.Network"],
}
failures = []
types = {match for path in pathlib.Path("terraform/modules").rglob("*.tf") for match in re.findall(r'^resource "azurerm_(\w+)"', path.read_text(), re.M)}
needed = {}
for kind in sorted(types):
    prefix = max((prefix for prefix in NEEDS if kind.startswith(prefix)), key=len, default=None)
    if prefix is None:
        failures.append(f"azurerm_{kind}: of which resource provider it is must be said in {sys.argv[0]}")
    for provider in NEEDS.get(prefix, []):
        needed.setdefault(provider, kind)
for path in sorted(pathlib.Path("terraform/env").glob("*/providers.tf")):
    listed = re.search(r"resource_providers_to_register = \[(.*?)\]", path.read_text(), re.S)[1]
    registered = CORE | set(re.findall(r'"([^"]+)"', listed))
    failures += [f"{path}: does not register {provider}, which azurerm_{kind} is of" for provider, kind in needed.items() if provider not in registered]

# Who runs Terraform by the documents must be able to do what it does.
for path in ("docs/azure.md", "terraform/README.md"):
    if "role_definition" in types and "*User Access" not in pathlib.Path(path).read_text():
        failures.append(f"{path}: Role Based Access Control Administrator may give roles, not define one, as modules do")
guide = pathlib.Path("docs/azure.md").read_text()
# What the provider asks for when it reads these, and Reader may not: a plan by an identity of its own fails without.
READS = {
    "eventhub_namespace": "Microsoft.EventHub/namespaces/authorizationRules/listKeys/action",
    "kubernetes_cluster": "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
    "log_analytics_workspace": "Microsoft.OperationalInsights/workspaces/sharedKeys/action",
    "logic_app_trigger_http_request": "Microsoft.Logic/workflows/triggers/listCallbackUrl/action",
    "resource_group_template_deployment": "Microsoft.Resources/deployments/exportTemplate/action",
    "storage_account": "Microsoft.Storage/storageAccounts/listKeys/action",
}
failures += [f"docs/azure.md: the planner's role lacks {action}, which reading azurerm_{kind} takes"
             for kind, action in READS.items() if kind in types and f'"{action}"' not in guide]
# Step 9 is said again for prod with its name instead of dev's, in the same tenant.
for name in re.findall(r'(?<!display)[Nn]ame: "([^"]*planner)"', guide):
    if "dev" not in name:
        failures.append(f"docs/azure.md: role {name} has the same name in every environment, and names of roles are the tenant's")
# Credentials of Unity Catalog have no SQL.
if re.search(r"^CREATE STORAGE CREDENTIAL", pathlib.Path("docs/bi.md").read_text(), re.M):
    failures.append("docs/bi.md: Databricks SQL has no CREATE STORAGE CREDENTIAL")
# What the table of differences says of nodes is what the environments ask for.
table = re.search(r"^\| AKS \|(.*?)\|(.*?)\|$", pathlib.Path("terraform/README.md").read_text(), re.M)
for column, environment in enumerate(("dev", "prod"), 1):
    pools = re.findall(r"(live|batch) += \{.*?min_count = (\d+), max_count = (\d+)", pathlib.Path(f"terraform/env/{environment}/main.tf").read_text())
    for pool, least, most in pools:
        said = re.search(rf"(\d+) to (\d+) {pool} nodes", table[column])
        if (said and said.groups() != (least, most)) or len(pools) != 2:
            failures.append(f"terraform/README.md: {environment} has {least} to {most} {pool} nodes, not {said[0]}")
# The group of the state is every environment's.
down = guide.split("\n## Take it down")[1]
if not re.search(r"only after the last of them,\n\n```sh\naz group delete --name rg-outrider-state\n```", down) or guide.count("az group delete") != 1:
    failures.append("docs/azure.md: taking one environment down deletes the state of all")
rows = re.findall(r"^\| (.+?) \| \**([\d,]+)\** \| \**([\d,]+)\** \|$", pathlib.Path("terraform/README.md").read_text(), re.M)
for column, environment in enumerate(("dev", "prod"), 1):
    *parts, total = [int(row[column].replace(",", "")) for row in rows]
    if len(parts) < 10 or sum(parts) != total:
        failures.append(f"terraform/README.md: what {environment} costs is {sum(parts):,} in all, not {total:,}")
    if f"{total:,}" not in guide.split("## What it costs")[1].split("\n## ")[0]:
        failures.append(f"docs/azure.md: {environment} costs {total:,}")
for failure in failures:
    print(failure)
print(f"{len(types)} types of resources of {len(needed)} providers, {len(rows)} rows of costs, {len(failures)} failures")
sys.exit(1 if failures else 0)
