{{/* The variables of `config` that each process reads, as in lib/config/config.ts; a test compares them. */}}
{{- define "spaceport.variables" -}}
web:
  - DATABASE_CONNECTIONS
  - DATABASE_LOCK_CONNECTIONS
  - LOG_LEVEL
  - OIDC_ALGORITHMS
  - OIDC_CLIENT_ID
  - OIDC_GROUPS_CLAIM
  - OIDC_GROUPS_OVERAGE
  - OIDC_ISSUER
  - OIDC_LOGOUT_ENDS_CREDENTIALS
  - OIDC_NAME
  - OIDC_RECHECK_MINUTES
  - OIDC_SCOPES
  - OIDC_SUBJECT_CLAIM
  - OTEL_EXPORTER_OTLP_ENDPOINT
  - OTEL_TRACES_SAMPLER_ARG
  - SCIM_SUBJECT
  - SPACEPORT_ADMINS
  - SPACEPORT_ADMIN_GROUPS
  - SPACEPORT_ADMIN_MINUTES
  - SPACEPORT_AUDITORS
  - SPACEPORT_AUDITOR_GROUPS
  - SPACEPORT_DENIED_CIDRS
  - SPACEPORT_DIRECTORY
  - SPACEPORT_DNS_PEERS
  - SPACEPORT_FURTHER_PROVIDERS
  - SPACEPORT_GATEWAY_URL
  - SPACEPORT_GIT_IDENTITIES
  - SPACEPORT_HELP_URL
  - SPACEPORT_INGRESS_SUFFIXES
  - SPACEPORT_MAX_SIZE
  - SPACEPORT_NAMESPACE_PREFIX
  - SPACEPORT_NAME_RESERVED_DAYS
  - SPACEPORT_PLATFORM_NAMESPACES
  - SPACEPORT_PUSHED_PRIVILEGED_GROUPS
  - SPACEPORT_RESERVED_NAMES
  - SPACEPORT_SIGN_IN_DOMAINS
  - SPACEPORT_SIGN_IN_GROUPS
  - SPACEPORT_SPACE_LIMIT
  - SPACEPORT_TRUSTED_HOPS
  - SPACEPORT_URL
  - SPACEPORT_WEBHOOK_ALLOWED_HOSTS
  - WEB_KEEP_ALIVE_SECONDS
gateway:
  - DATABASE_CONNECTIONS
  - GATEWAY_CONNECTIONS_PER_SOURCE
  - GATEWAY_TRAIL_COMMANDS
  - LOG_LEVEL
  - OTEL_EXPORTER_OTLP_ENDPOINT
  - OTEL_TRACES_SAMPLER_ARG
  - SPACEPORT_CLUSTER_READABLE
  - SPACEPORT_GIT_IDENTITIES
  - SPACEPORT_URL
  - SPACEPORT_WITHOUT_FENCES
worker:
  - DATABASE_CONNECTIONS
  - DATABASE_LOCK_CONNECTIONS
  - LOG_LEVEL
  - OTEL_EXPORTER_OTLP_ENDPOINT
  - OTEL_TRACES_SAMPLER_ARG
  - SMTP_FROM
  - SPACEPORT_DENIED_CIDRS
  - SPACEPORT_DNS_PEERS
  - SPACEPORT_GIT_IDENTITIES
  - SPACEPORT_INGRESS_SUFFIXES
  - SPACEPORT_MAX_SIZE
  - SPACEPORT_NAMESPACE_PREFIX
  - SPACEPORT_NAME_RESERVED_DAYS
  - SPACEPORT_PLATFORM_NAMESPACES
  - SPACEPORT_PUSHED_PRIVILEGED_GROUPS
  - SPACEPORT_RESERVED_NAMES
  - SPACEPORT_SPACE_LIMIT
  - SPACEPORT_TRAIL_SYSLOG_CA
  - SPACEPORT_TRAIL_SYSLOG_CERT
  - SPACEPORT_TRAIL_SYSLOG_KEY
  - SPACEPORT_TRAIL_SYSLOG_URL
  - SPACEPORT_TRAIL_WEBHOOK_CA
  - SPACEPORT_TRAIL_WEBHOOK_URL
  - SPACEPORT_URL
  - SPACEPORT_WEBHOOK_ALLOWED_HOSTS
  - WORKER_AUDIT_CONTROLLERS
{{- end }}

{{/* The keys of its Secret that each process reads; true: optional. */}}
{{- define "spaceport.secretVariables" -}}
web:
  DATABASE_DIRECT_URL: true
  DATABASE_URL: false
  NEXTAUTH_SECRET: false
  NEXTAUTH_SECRET_OTHER: true
  OIDC_CLIENT_SECRET: false
  OIDC_CLIENT_SECRET_OTHER: true
  OTEL_EXPORTER_OTLP_HEADERS: true
  SPACEPORT_WEBHOOK_SECRET: true
gateway: { DATABASE_DIRECT_URL: true, DATABASE_URL: false, OTEL_EXPORTER_OTLP_HEADERS: true }
worker:
  DATABASE_DIRECT_URL: true
  DATABASE_URL: false
  OTEL_EXPORTER_OTLP_HEADERS: true
  SMTP_URL: true
  SPACEPORT_CHECKPOINT_KEY: true
  SPACEPORT_TRAIL_WEBHOOK_SECRET: true
  SPACEPORT_TRAIL_WEBHOOK_TOKEN: true
  SPACEPORT_WEBHOOK_SECRET: true
{{- end }}

{{/* The variables that the chart itself sets. */}}
{{- define "spaceport.ownVariables" -}}
{{- $address := .root.Values.pods.listen -}}
{{- /* In a listener an IPv6 address is in brackets. */ -}}
{{- $host := ternary (printf "[%s]" $address) $address (contains ":" $address) -}}
{{- $own := dict "KUBECONFIG" "/etc/spaceport/kubeconfig/config" "SPACEPORT_CLUSTERS" (include "spaceport.clusters" .root) -}}
{{- with .root.Values.extraCa.configMap }}{{ $_ := set $own "NODE_EXTRA_CA_CERTS" "/etc/spaceport/extra-ca/ca.crt" }}{{ end -}}
{{- if eq .process "web" -}}
{{- $_ := set $own "HOSTNAME" $address -}}
{{- $_ := set $own "PORT" "3000" -}}
{{- $_ := set $own "WEB_ADMIN_LISTEN" (printf "%s:9092" $host) -}}
{{- if .root.Values.gateway.tls.ca.name }}{{ $_ := set $own "GATEWAY_TLS_CA" "/etc/spaceport/gateway-ca/ca.crt" }}{{ end -}}
{{- /* The Ingress or route is a proxy that adds the client's address. */ -}}
{{- if or .root.Values.web.ingress.enabled .root.Values.web.httpRoute.enabled }}{{ $_ := set $own "SPACEPORT_TRUSTED_HOPS" "1" }}{{ end -}}
{{- else if eq .process "gateway" -}}
{{- $_ := set $own "GATEWAY_LISTEN" (printf "%s:8443" $host) -}}
{{- $_ := set $own "GATEWAY_ADMIN_LISTEN" (printf "%s:9091" $host) -}}
{{- $_ := set $own "GATEWAY_TLS_CERT" "/etc/spaceport/gateway-tls/tls.crt" -}}
{{- $_ := set $own "GATEWAY_TLS_KEY" "/etc/spaceport/gateway-tls/tls.key" -}}
{{- else -}}
{{- $_ := set $own "WORKER_LISTEN" (printf "%s:9090" $host) -}}
{{- if .root.Values.worker.audit.enabled -}}
{{- $_ := set $own "WORKER_AUDIT_LISTEN" (printf "%s:9443" $host) -}}
{{- $_ := set $own "WORKER_AUDIT_TLS_CERT" "/etc/spaceport/audit-tls/tls.crt" -}}
{{- $_ := set $own "WORKER_AUDIT_TLS_KEY" "/etc/spaceport/audit-tls/tls.key" -}}
{{- end -}}
{{- end -}}
{{ toYaml $own }}
{{- end }}

{{/* The environment of a process; takes root and process. */}}
{{- define "spaceport.env" -}}
{{- $root := .root -}}
{{- $values := include "spaceport.ownVariables" . | fromYaml -}}
{{- range index (include "spaceport.variables" . | fromYaml) .process -}}
{{- if hasKey $root.Values.config . -}}
{{- $value := index $root.Values.config . -}}
{{- $_ := set $values . (ternary (join "," $value) (toString $value) (kindIs "slice" $value)) -}}
{{- end -}}
{{- end -}}
{{- $secrets := index (include "spaceport.secretVariables" . | fromYaml) .process -}}
{{- range (index $root.Values .process).extraEnv -}}
{{- if or (hasKey $values .name) (hasKey $secrets .name) }}{{ fail (printf "extraEnv sets %s, which the chart sets itself: use config or the Secret" .name) }}{{ end -}}
{{- end -}}
{{- range $name, $value := $values }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- range $name, $optional := $secrets }}
- name: {{ $name }}
  valueFrom: { secretKeyRef: { name: {{ index $root.Values.secrets $.process | quote }}, key: {{ $name }}{{ if $optional }}, optional: true{{ end }} } }
{{- end }}
{{- with (index $root.Values .process).extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}
