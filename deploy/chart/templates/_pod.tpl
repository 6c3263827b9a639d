{{/* Common to all our pods: no token, no rights on its node. Takes root. */}}
{{- define "spaceport.podBase" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  {{- with .root.Values.podUser }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  seccompProfile: { type: RuntimeDefault }
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end }}
{{- end }}

{{/* Labels of a pod. Takes root and component. */}}
{{- define "spaceport.podLabels" -}}
{{ include "spaceport.selector" . }}
{{- with .root.Values.pods.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/*
Where a pod may run: a process's own setting, or else that of all pods. Takes root, and values of a process or an
empty dict.
*/}}
{{- define "spaceport.placement" -}}
{{- $all := .root.Values.pods -}}
{{- range $field := list "nodeSelector" "tolerations" "affinity" }}
{{- with index $.values $field | default (index $all $field) }}
{{ $field }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- with .values.priorityClassName | default $all.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- end }}

{{/* A public Service. Takes its values. */}}
{{- define "spaceport.service" -}}
type: {{ .type }}
{{- with .loadBalancerClass }}
loadBalancerClass: {{ . | quote }}
{{- end }}
{{- with .loadBalancerSourceRanges }}
loadBalancerSourceRanges:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .externalTrafficPolicy }}
externalTrafficPolicy: {{ . }}
{{- end }}
{{- end }}

{{- define "spaceport.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* Takes root. */}}
{{- define "spaceport.commonVolumes" -}}
- name: tmp
  emptyDir: { sizeLimit: 256Mi }
{{- with .root.Values.extraCa.configMap }}
- name: extra-ca
  configMap: { name: {{ . | quote }}, items: [{ key: {{ $.root.Values.extraCa.key | quote }}, path: ca.crt }] }
{{- end }}
{{- end }}

{{- define "spaceport.commonMounts" -}}
- { name: tmp, mountPath: /tmp }
{{- if .root.Values.extraCa.configMap }}
- { name: extra-ca, mountPath: /etc/spaceport/extra-ca, readOnly: true }
{{- end }}
{{- end }}

{{/*
The Deployment of a process. Takes root, process, identity (whose token its pods get), ports, probe (port, live, ready),
preStop and grace in seconds, volumes (name → source; mounted in /etc/spaceport).
*/}}
{{- define "spaceport.deployment" -}}
{{- $values := index .root.Values .process -}}
{{- $selector := dict "root" .root "component" .process -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: spaceport-{{ .process }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "spaceport.labels" $selector | nindent 4 }}
spec:
  {{- if not $values.autoscaling.enabled }}
  replicas: {{ $values.replicas }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "spaceport.selector" $selector | nindent 6 }}
  strategy:
    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }
  template:
    metadata:
      labels:
        {{- include "spaceport.podLabels" $selector | nindent 8 }}
      annotations:
        kubectl.kubernetes.io/default-container: {{ .process }}
        checksum/config: {{ include "spaceport.kubeconfig" . | sha256sum }}
        {{- with $values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: spaceport-{{ .identity }}
      {{- include "spaceport.podBase" . | nindent 6 }}
      terminationGracePeriodSeconds: {{ .grace }}
      topologySpreadConstraints:
        {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
        - topologyKey: {{ . }}
          maxSkew: 1
          whenUnsatisfiable: {{ $.root.Values.pods.spread }}
          labelSelector:
            matchLabels:
              {{- include "spaceport.selector" $selector | nindent 14 }}
          matchLabelKeys: [pod-template-hash]
        {{- end }}
      {{- with include "spaceport.placement" (dict "root" .root "values" $values) | trim }}
      {{- . | nindent 6 }}
      {{- end }}
      containers:
        - name: {{ .process }}
          image: {{ include "spaceport.image" . | quote }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          ports:
            {{- range $name, $port := .ports }}
            - { name: {{ $name }}, containerPort: {{ $port }} }
            {{- end }}
          env:
            {{- include "spaceport.env" . | trim | nindent 12 }}
          startupProbe:
            httpGet: { path: {{ .probe.live }}, port: {{ .probe.port }} }
            periodSeconds: 2
            timeoutSeconds: 5
            failureThreshold: 60
          livenessProbe:
            httpGet: { path: {{ .probe.live }}, port: {{ .probe.port }} }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: { path: {{ .probe.ready }}, port: {{ .probe.port }} }
            periodSeconds: 5
            timeoutSeconds: 5
            failureThreshold: 2
          {{- if .preStop }}
          # Until load balancers have noticed that the pod is terminating
          lifecycle: { preStop: { sleep: { seconds: {{ .preStop }} } } }
          {{- end }}
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          securityContext:
            {{- include "spaceport.containerSecurity" . | nindent 12 }}
          volumeMounts:
            {{- include "spaceport.commonMounts" . | nindent 12 }}
            {{- include "spaceport.clusterMounts" .root | nindent 12 }}
            {{- range $name, $source := .volumes }}
            - { name: {{ $name }}, mountPath: /etc/spaceport/{{ $name }}, readOnly: true }
            {{- end }}
            {{- with $values.extraVolumeMounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
      volumes:
        {{- include "spaceport.commonVolumes" . | nindent 8 }}
        {{- include "spaceport.clusterVolumes" . | nindent 8 }}
        {{- range $name, $source := .volumes }}
        - name: {{ $name }}
          {{- toYaml $source | nindent 10 }}
        {{- end }}
        {{- with $values.extraVolumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
{{- end }}
