{{/* Labels of everything. */}}
{{- define "outrider.labels" -}}
app.kubernetes.io/name: outrider
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* Labels that select the pods of a part: dict "root" "part". */}}
{{- define "outrider.selector" -}}
app.kubernetes.io/name: outrider
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- define "outrider.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ include "outrider.version" $ }}
{{- end -}}
{{- end -}}
{{- end }}

{{/* The version that runs: what nodes in a rolling update tell each other apart by. */}}
{{- define "outrider.version" -}}
{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* Ports that pods may reach anywhere: the stream's, the lake's, the collector's receiver's, the issuer's, and those of the values. JSON. */}}
{{- define "outrider.egressPorts" -}}
{{- $ports := .Values.networkPolicy.egressPorts }}
{{- $addresses := list }}
{{- if .Values.eventHubs.fullyQualifiedNamespace }}
{{- $ports = append $ports 9093 }}
{{- else }}
{{- $addresses = splitList "," .Values.kafka.bootstrapServers }}
{{- $ports = concat $ports .Values.kafka.advertisedPorts }}
{{- end }}
{{- if .Values.lake.connectionStringSecret.name }}
{{- $ports = append $ports .Values.lake.connectionStringPort }}
{{- end }}
{{- $addresses = append $addresses (regexFind "^[a-z]+://[^/]+" .Values.lake.accountUrl) }}
{{- if and .Values.collector.enabled .Values.collector.otlpEndpoint }}
{{- $addresses = append $addresses .Values.collector.otlpEndpoint }}
{{- end }}
{{- $addresses = append $addresses (regexFind "^[a-z]+://[^/]+" .Values.authentication.jwksUrl) }}
{{- range $addresses }}
{{- with regexFind ":[0-9]+$" . }}
{{- $ports = append $ports (trimPrefix ":" .) }}
{{- end }}
{{- end }}
{{- $numbers := list }}
{{- range $ports }}
{{- $numbers = append $numbers (int .) }}
{{- end }}
{{- $numbers | uniq | toJson }}
{{- end }}

{{- define "outrider.tlsSecret" -}}
{{ .Values.tls.secretName | default "outrider-node-tls" }}
{{- end }}

{{/* Most detection pods there may be: a partition has one owner. */}}
{{- define "outrider.maxReplicas" -}}
{{ min (int .Values.autoscaling.maxReplicas) (int .Values.partitions) }}
{{- end }}

{{/* The collector's configuration files, by whom it hands on to. JSON. */}}
{{- define "outrider.collectorFiles" -}}
{{- $files := list "collector.yaml" }}
{{- if .Values.collector.applicationInsightsSecret.name }}{{ $files = append $files "azure-monitor.yaml" }}{{ end }}
{{- if .Values.collector.otlpEndpoint }}{{ $files = append $files "otlp.yaml" }}{{ end }}
{{- $files | toJson }}
{{- end }}

{{/* The parts that there are. JSON. */}}
{{- define "outrider.parts" -}}
{{- $nodes := list "detection" "api" "batch" }}
{{- ternary (append $nodes "rekey") $nodes .Values.rekey.enabled | toJson }}
{{- end }}

{{/* A part's volume out of the vault: mounted, it fills the secrets. dict "root" "part". */}}
{{- define "outrider.vaultVolume" -}}
{{- if .root.Values.keyVault.name }}
- name: vault
  csi:
    driver: secrets-store.csi.k8s.io
    readOnly: true
    volumeAttributes: { secretProviderClass: outrider-{{ .part }} }
{{- end }}
{{- end }}

{{- define "outrider.vaultMount" -}}
{{- if .Values.keyVault.name }}
- { name: vault, mountPath: /etc/outrider-vault, readOnly: true }
{{- end }}
{{- end }}

{{- define "outrider.checks" -}}
{{- if not .Values.image.repository }}
{{- fail "image.repository must say where the image is, such as REGISTRY.azurecr.io/outrider" }}
{{- end }}
{{- if not (or .Values.eventHubs.fullyQualifiedNamespace .Values.kafka.bootstrapServers) }}
{{- fail "eventHubs.fullyQualifiedNamespace or kafka.bootstrapServers must say where the stream is" }}
{{- end }}
{{- if and .Values.eventHubs.fullyQualifiedNamespace .Values.kafka.bootstrapServers }}
{{- fail "eventHubs.fullyQualifiedNamespace and kafka.bootstrapServers exclude each other" }}
{{- end }}
{{- if not (or .Values.lake.accountUrl .Values.lake.connectionStringSecret.name) }}
{{- fail "lake.accountUrl or lake.connectionStringSecret.name must say where the lake is" }}
{{- end }}
{{- if not (and .Values.authentication.audience (or .Values.authentication.tenantId (and .Values.authentication.issuer .Values.authentication.jwksUrl))) }}
{{- fail "authentication needs audience, and tenantId or issuer and jwksUrl: whoever reaches the API could do everything otherwise" }}
{{- end }}
{{- if .Values.ingress.enabled }}
{{- if not .Values.ingress.host }}
{{- fail "ingress.host must say by which name callers come" }}
{{- end }}
{{- if eq (empty .Values.ingress.className) (empty .Values.ingress.gateway.name) }}
{{- fail "ingress needs className or gateway.name, and not both: who ends TLS" }}
{{- end }}
{{- if and .Values.ingress.className (not .Values.ingress.tlsSecretName) }}
{{- fail "ingress.tlsSecretName must name the host's certificate: tokens would travel in the clear otherwise" }}
{{- end }}
{{- if and .Values.ingress.className .Values.networkPolicy.enabled (not .Values.ingress.controllerNamespace) }}
{{- fail "ingress.controllerNamespace must say where the controller's pods are, or networkPolicy keeps them out" }}
{{- end }}
{{- range concat .Values.extraEnv .Values.api.extraEnv }}
{{- if eq .name "OUTRIDER_AUTH_MODE" }}
{{- fail "ingress needs authentication as the chart sets it: OUTRIDER_AUTH_MODE must not be in extraEnv" }}
{{- end }}
{{- end }}
{{- if regexMatch "(?s)authentication\\b.*\\bmode\\b[^\\w]*none" .Values.settings }}
{{- fail "ingress needs authentication: settings must not switch it off" }}
{{- end }}
{{- end }}
{{- if gt (int .Values.autoscaling.minReplicas) (int .Values.partitions) }}
{{- fail "autoscaling.minReplicas must not exceed partitions: a partition has one owner" }}
{{- end }}
{{- if gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas) }}
{{- fail "autoscaling.minReplicas must not exceed autoscaling.maxReplicas" }}
{{- end }}
{{- if and .Values.autoscaling.enabled (eq .Values.autoscaling.trigger "prometheus") (not .Values.autoscaling.prometheus.serverAddress) }}
{{- fail "autoscaling.prometheus.serverAddress must be set for autoscaling.trigger prometheus" }}
{{- end }}
{{- if and .Values.keyVault.secrets (not .Values.keyVault.name) }}
{{- fail "keyVault.name must say which vault keyVault.secrets are in" }}
{{- end }}
{{- if .Values.keyVault.name }}
{{- if not .Values.keyVault.secrets }}
{{- fail "keyVault.secrets must name the secrets that are taken from the vault" }}
{{- end }}
{{- if not (or .Values.keyVault.tenantId .Values.authentication.tenantId) }}
{{- fail "keyVault.tenantId must be set where there is no authentication.tenantId" }}
{{- end }}
{{- range $part := include "outrider.parts" . | fromJsonArray }}
{{- if not (index $.Values.identity.clientIds $part) }}
{{- fail (printf "identity.clientIds.%s must be set for keyVault: as who the vault is read" $part) }}
{{- end }}
{{- end }}
{{- end }}
{{- if and .Values.collector.enabled (not (or .Values.collector.applicationInsightsSecret.name .Values.collector.otlpEndpoint)) }}
{{- fail "collector.applicationInsightsSecret.name or collector.otlpEndpoint must say where the collector hands on to" }}
{{- end }}
{{- end }}

{{/* Environment of every part: where stream and lake are. */}}
{{- define "outrider.env" -}}
- name: OUTRIDER_ENVIRONMENT
  value: {{ .Values.environment | quote }}
{{- if .Values.collector.enabled }}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: http://outrider-collector:4318
- name: OTEL_RESOURCE_ATTRIBUTES
  value: service.namespace={{ .Release.Namespace }},service.version={{ include "outrider.version" . }},deployment.environment.name={{ .Values.environment }},k8s.pod.name=$(POD_NAME)
{{- end }}
{{- if .Values.eventHubs.fullyQualifiedNamespace }}
- name: EVENTHUB_FULLY_QUALIFIED_NAMESPACE
  value: {{ .Values.eventHubs.fullyQualifiedNamespace | quote }}
- name: EVENTHUB_NAME
  value: {{ .Values.eventHubs.name | quote }}
# Capture writes its files under the namespace's name.
- name: OUTRIDER_CAPTURE_NAMESPACE
  value: {{ splitList "." .Values.eventHubs.fullyQualifiedNamespace | first | quote }}
- name: OUTRIDER_CONSUMER_SESSION_TIMEOUT
  value: {{ .Values.eventHubs.sessionTimeout | quote }}
{{- with .Values.eventHubs.connectionStringSecret }}
{{- if .name }}
- name: EVENTHUB_CONNECTION_STR
  valueFrom:
    secretKeyRef:
      name: {{ .name }}
      key: {{ .key }}
{{- end }}
{{- end }}
{{- else }}
- name: OUTRIDER_KAFKA_BOOTSTRAP_SERVERS
  value: {{ .Values.kafka.bootstrapServers | quote }}
{{- end }}
- name: OUTRIDER_TOPIC_PARTITIONS
  value: {{ .Values.partitions | quote }}
{{- if .Values.lake.accountUrl }}
- name: AZURE_STORAGE_ACCOUNT_URL
  value: {{ .Values.lake.accountUrl | quote }}
{{- end }}
{{- with .Values.lake.connectionStringSecret }}
{{- if .name }}
- name: AZURE_STORAGE_CONNECTION_STRING
  valueFrom:
    secretKeyRef:
      name: {{ .name }}
      key: {{ .key }}
{{- end }}
{{- end }}
- name: OUTRIDER_SCRATCH_DIR
  value: /var/lib/outrider
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* What keeps a container small and harmless. */}}
{{- define "outrider.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "outrider.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* Environment of those that serve the API: who may call it, and by which names. */}}
{{- define "outrider.apiEnv" -}}
- name: OUTRIDER_HTTP_HOST
  value: 0.0.0.0
- name: OUTRIDER_HTTP_PORT
  value: {{ .Values.http.port | quote }}
- name: OUTRIDER_HTTP_ALLOWED_HOSTS
  {{- $own := list "outrider-api" (printf "outrider-api.%s" .Release.Namespace) (printf "outrider-api.%s.svc" .Release.Namespace) }}
  {{- if .Values.ingress.enabled }}{{ $own = append $own .Values.ingress.host }}{{ end }}
  value: {{ concat $own .Values.http.allowedHosts | uniq | join "," | quote }}
- name: OUTRIDER_AUTH_MODE
  value: oidc
{{- with .Values.authentication }}
- name: OUTRIDER_AUTH_ISSUER
  value: {{ ternary (printf "https://login.microsoftonline.com/%s/v2.0" .tenantId) .issuer (ne .tenantId "") | quote }}
- name: OUTRIDER_AUTH_JWKS_URL
  value: {{ ternary (printf "https://login.microsoftonline.com/%s/discovery/v2.0/keys" .tenantId) .jwksUrl (ne .tenantId "") | quote }}
- name: OUTRIDER_AUTH_AUDIENCE
  value: {{ .audience | quote }}
{{- end }}
{{- end }}
