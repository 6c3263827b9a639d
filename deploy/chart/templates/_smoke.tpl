{{/* The settings of the pod of `helm test`: all addresses, no secrets. */}}
{{- define "spaceport.smoke" -}}
{{- $config := .Values.config -}}
{{- $settings := dict
  "patienceMs" 35000
  "ready" (dict
    "web" "http://spaceport-web-admin:9092/api/readyz"
    "gateway" "http://spaceport-gateway-admin:9091/readyz"
    "worker" "http://spaceport-worker:9090/readyz")
  "portal" (dict "url" (trimSuffix "/" $config.SPACEPORT_URL) "service" (printf "http://spaceport-web:%v" .Values.web.service.port))
  "provider" (dict "issuer" $config.OIDC_ISSUER "clientId" $config.OIDC_CLIENT_ID) -}}
{{- $gateway := dict
  "url" $config.SPACEPORT_GATEWAY_URL
  "service" (dict "host" "spaceport-gateway" "port" (int .Values.gateway.service.port))
  "cluster" (include "spaceport.clusters" . | splitList "=" | first) -}}
{{- if .Values.gateway.tls.ca.name }}{{ $_ := set $gateway "caFile" "/etc/spaceport/gateway-ca/ca.crt" }}{{ end -}}
{{- $_ := set $settings "gateway" $gateway -}}
{{- with .Values.test.space.namespace -}}
{{- $own := $.Values.clusters.own -}}
{{- if not $own.enabled }}{{ fail "test.space.namespace: it is on the cluster that Spaceport runs in, and clusters.own isn't enabled" }}{{ end -}}
{{- $mapped := default list $config.SPACEPORT_GIT_IDENTITIES -}}
{{- if kindIs "string" $mapped }}{{ $mapped = splitList "," $mapped }}{{ end -}}
{{- $here := printf "%s/%s=" $own.name . -}}
{{- $found := false -}}
{{- range $mapped }}{{ if hasPrefix $here (trim .) }}{{ $found = true }}{{ end }}{{ end -}}
{{- if not $found }}{{ fail (printf "test.space.namespace: config.SPACEPORT_GIT_IDENTITIES maps no person to %s. Add %sHANDLE" . $here) }}{{ end -}}
{{- $_ := set $settings "space" (dict
  "namespace" .
  "server" $own.server
  "tokenFile" "/var/run/spaceport/test/token"
  "caFile" "/var/run/spaceport/test/ca.crt") -}}
{{- end -}}
{{ toPrettyJson $settings }}
{{- end }}

{{/*
For objects that the pod of `helm test` needs: created before it, and deleted after it, even if it failed. They stay
until the next test if Helm is stopped in between, if the cluster refuses the pod, and, before Helm 3.19, if it fails.
*/}}
{{- define "spaceport.beforeTest" -}}
helm.sh/hook: test
helm.sh/hook-weight: "-1"
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded,hook-failed
{{- end }}
