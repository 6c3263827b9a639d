{{/* SPACEPORT_CLUSTERS: contexts have the names of their clusters. */}}
{{- define "spaceport.clusters" -}}
{{- $names := list -}}
{{- if .Values.clusters.own.enabled }}{{ $names = append $names .Values.clusters.own.name }}{{ end -}}
{{- range .Values.clusters.further }}{{ $names = append $names .name }}{{ end -}}
{{- if not $names }}{{ fail "clusters: there is none. Enable clusters.own, or list one in clusters.further" }}{{ end -}}
{{- if ne (len $names) (len (uniq $names)) }}{{ fail "clusters: two have the same name" }}{{ end -}}
{{- $pairs := list -}}
{{- range $names }}{{ $pairs = append $pairs (printf "%s=%s" . .) }}{{ end -}}
{{ join "," $pairs }}
{{- end }}

{{/* The kubeconfig of both identities: tokens and CAs are files, so that each pod has its own. Takes root. */}}
{{- define "spaceport.kubeconfig" -}}
{{- $servers := list -}}
{{- with .root.Values.clusters.own }}{{ if .enabled }}{{ $servers = append $servers . }}{{ end }}{{ end -}}
{{- $servers = concat $servers .root.Values.clusters.further -}}
apiVersion: v1
kind: Config
current-context: {{ (first $servers).name }}
clusters:
  {{- range $servers }}
  - name: {{ .name }}
    cluster:
      server: {{ .server | quote }}
      {{- if ne (toString .ca) "false" }}
      certificate-authority: /var/run/spaceport/clusters/{{ .name }}/ca.crt
      {{- end }}
  {{- end }}
users:
  {{- range $servers }}
  - name: {{ .name }}
    user: { tokenFile: /var/run/spaceport/clusters/{{ .name }}/token }
  {{- end }}
contexts:
  {{- range $servers }}
  - name: {{ .name }}
    context: { cluster: {{ .name }}, user: {{ .name }} }
  {{- end }}
{{- end }}

{{/* Volumes with the kubeconfig's files. Takes root and identity. */}}
{{- define "spaceport.clusterVolumes" -}}
{{- $identity := .identity -}}
- name: kubeconfig
  configMap: { name: spaceport-kubeconfig }
{{- with .root.Values.clusters.own }}
{{- if .enabled }}
- name: cluster-{{ .name }}
  projected:
    sources:
      # Not 3607: for exactly that, API servers extend a token to a year for old clients.
      - serviceAccountToken: { path: token, expirationSeconds: 3600 }
      - configMap: { name: kube-root-ca.crt, items: [{ key: ca.crt, path: ca.crt }] }
{{- end }}
{{- end }}
{{- range .root.Values.clusters.further }}
- name: cluster-{{ .name }}
  secret:
    secretName: {{ index . (printf "%sSecret" $identity) | quote }}
    items: [{ key: token, path: token }{{ if ne (toString .ca) "false" }}, { key: ca.crt, path: ca.crt }{{ end }}]
{{- end }}
{{- end }}

{{- define "spaceport.clusterMounts" -}}
- { name: kubeconfig, mountPath: /etc/spaceport/kubeconfig, readOnly: true }
{{- with .Values.clusters.own }}
{{- if .enabled }}
- { name: cluster-{{ .name }}, mountPath: /var/run/spaceport/clusters/{{ .name }}, readOnly: true }
{{- end }}
{{- end }}
{{- range .Values.clusters.further }}
- { name: cluster-{{ .name }}, mountPath: /var/run/spaceport/clusters/{{ .name }}, readOnly: true }
{{- end }}
{{- end }}
