{{/*
A Deployment of cluster nodes with one role: dict "root" "part". Three parts differ in role, size and place, and in nothing else.
*/}}
{{- define "outrider.node" -}}
{{- $root := .root -}}
{{- $part := .part -}}
{{- $values := index $root.Values $part -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: outrider-{{ $part }}
  labels:
    {{- include "outrider.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ $part }}
spec:
  {{- if not (and (eq $part "detection") $root.Values.autoscaling.enabled) }}
  replicas: {{ $values.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  # Ready for a while before the next one is replaced, so that partitions have settled.
  minReadySeconds: 10
  progressDeadlineSeconds: 1800
  selector:
    matchLabels:
      {{- include "outrider.selector" . | nindent 6 }}
  strategy:
    # One more comes before one goes, and only one at a time: partitions move twice at most.
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  template:
    metadata:
      labels:
        {{- include "outrider.labels" $root | nindent 8 }}
        app.kubernetes.io/component: {{ $part }}
        # By this label nodes find each other: the name of the actor system.
        app: outrider
        {{- if index $root.Values.identity.clientIds $part }}
        azure.workload.identity/use: "true"
        {{- end }}
      annotations:
        checksum/settings: {{ include (print $root.Template.BasePath "/settings.yaml") $root | sha256sum }}
        kubectl.kubernetes.io/default-container: outrider
    spec:
      serviceAccountName: outrider-{{ $part }}
      terminationGracePeriodSeconds: {{ $root.Values.cluster.terminationGracePeriodSeconds }}
      {{- with $root.Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        {{- include "outrider.podSecurity" $root | nindent 8 }}
      {{- with $values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      topologySpreadConstraints:
        {{- range $key, $when := dict "topology.kubernetes.io/zone" "ScheduleAnyway" "kubernetes.io/hostname" "ScheduleAnyway" }}
        - maxSkew: 1
          topologyKey: {{ $key }}
          whenUnsatisfiable: {{ $when }}
          # Else the pods that a roll-out takes away would count, and the new ones stand where those leave room.
          matchLabelKeys: [pod-template-hash]
          labelSelector:
            matchLabels:
              {{- include "outrider.selector" (dict "root" $root "part" $part) | nindent 14 }}
        {{- end }}
      containers:
        - name: outrider
          image: {{ include "outrider.image" $root }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          args: [node, --config, /etc/outrider/settings.conf]
          env:
            - name: POD_IP
              valueFrom:
                fieldRef:
                  fieldPath: status.podIP
            - name: OUTRIDER_NODE_ROLES
              value: {{ $part }}
            - name: OUTRIDER_NODE_HOST
              value: $(POD_IP)
            - name: OUTRIDER_NODE_PORT
              value: {{ $root.Values.cluster.remotingPort | quote }}
            - name: OUTRIDER_NODE_TLS_FOLDER
              value: /etc/outrider-tls
            - name: OUTRIDER_CLUSTER_DISCOVERY
              value: kubernetes
            - name: OUTRIDER_CLUSTER_MANAGEMENT_PORT
              value: {{ $root.Values.cluster.managementPort | quote }}
            - name: OUTRIDER_CLUSTER_REQUIRED_CONTACT_POINTS
              value: {{ $root.Values.cluster.requiredContactPoints | quote }}
            - name: OUTRIDER_CLUSTER_APP_VERSION
              value: {{ include "outrider.version" $root | quote }}
            - name: OUTRIDER_OPERATIONS_HOST
              value: $(POD_IP)
            - name: OUTRIDER_OPERATIONS_PORT
              value: {{ $root.Values.operations.port | quote }}
            - name: OUTRIDER_SUPERVISOR_DISK
              value: /var/lib/outrider
            {{- if eq $part "api" }}
            {{- include "outrider.apiEnv" $root | nindent 12 }}
            {{- end }}
            {{- include "outrider.env" $root | nindent 12 }}
            {{- with $root.Values.pseudonyms.keySecret }}
            {{- if .name }}
            - name: OUTRIDER_PSEUDONYM_KEY
              valueFrom:
                secretKeyRef:
                  name: {{ .name }}
                  key: {{ .key }}
            {{- end }}
            {{- end }}
            {{- with $values.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          ports:
            - { name: remoting, containerPort: {{ $root.Values.cluster.remotingPort }} }
            - { name: management, containerPort: {{ $root.Values.cluster.managementPort }} }
            - { name: operations, containerPort: {{ $root.Values.operations.port }} }
            {{- if eq $part "api" }}
            - { name: http, containerPort: {{ $root.Values.http.port }} }
            {{- end }}
          # Alive from its first moment on; what it waits for (broker, lake, others) is no reason to kill it.
          startupProbe:
            httpGet: { path: /health/live, port: operations }
            periodSeconds: 5
            failureThreshold: 36
          livenessProbe:
            httpGet: { path: /health/live, port: operations }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: { path: /health/ready, port: operations }
            periodSeconds: 5
            timeoutSeconds: 3
            failureThreshold: 3
          lifecycle:
            # Services stop sending first; then SIGTERM starts the hand-over.
            preStop:
              sleep: { seconds: 5 }
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          securityContext:
            {{- include "outrider.containerSecurity" $root | nindent 12 }}
          volumeMounts:
            - { name: settings, mountPath: /etc/outrider, readOnly: true }
            - { name: scratch, mountPath: /var/lib/outrider }
            - { name: tmp, mountPath: /tmp }
            - { name: tls, mountPath: /etc/outrider-tls, readOnly: true }
            {{- include "outrider.vaultMount" $root | nindent 12 }}
      volumes:
        - name: settings
          configMap: { name: outrider-settings }
        - name: scratch
          emptyDir: { sizeLimit: {{ $values.scratchSize }} }
        - name: tmp
          # Copies of files that are read (outrider.alert-store.copies), and files being written.
          emptyDir: { sizeLimit: 1Gi }
        - name: tls
          secret: { secretName: {{ include "outrider.tlsSecret" $root }}, defaultMode: 0440 }
        {{- include "outrider.vaultVolume" . | nindent 8 }}
{{- end }}
