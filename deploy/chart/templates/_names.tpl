{{/* The labels of each object. Takes root and component. */}}
{{- define "spaceport.labels" -}}
{{ include "spaceport.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- with .root.Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The selector labels of pods: they never change. */}}
{{- define "spaceport.selector" -}}
app.kubernetes.io/name: spaceport
app.kubernetes.io/part-of: spaceport
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Takes root and process: an image of `.Values`. */}}
{{- define "spaceport.image" -}}
{{- $image := (index .root.Values .process).image -}}
{{- with .root.Values.image.registry }}{{ trimSuffix "/" . }}/{{ end }}{{ $image.repository }}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default .root.Chart.AppVersion }}{{ end }}
{{- end }}

{{/* The host of a URL in config, without its port. */}}
{{- define "spaceport.host" -}}
{{ (urlParse .).hostname }}
{{- end }}

{{/* Takes name and key of a PEM, mounted alone. */}}
{{- define "spaceport.gatewayCa" -}}
{{- $ca := .Values.gateway.tls.ca -}}
{{- if eq $ca.kind "Secret" }}
secret:
  secretName: {{ $ca.name | quote }}
{{- else }}
configMap:
  name: {{ $ca.name | quote }}
{{- end }}
  items: [{ key: {{ $ca.key | quote }}, path: ca.crt }]
{{- end }}
