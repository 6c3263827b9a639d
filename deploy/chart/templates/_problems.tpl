{{/*
What values.schema.json can't express: ranges, CIDRs, items of lists, and values that need each other. All problems are
shown at once, each with the name of its value. A CIDR is checked as lib/config/is-deniable-cidr.ts does.
*/}}
{{- define "spaceport.problems" -}}
{{- $values := .Values -}}
{{- $config := .Values.config -}}
{{- $problems := list -}}

{{- /* Items of lists: pattern, and its description. */ -}}
{{- $lists := dict
  "OIDC_ALGORITHMS" (list "^((RS|PS|ES)(256|384|512)|EdDSA|Ed25519)$" "RS, PS or ES with 256, 384 or 512, EdDSA, or Ed25519")
  "SPACEPORT_RESERVED_NAMES" (list "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" "a name of lowercase letters, digits and hyphens")
  "SPACEPORT_INGRESS_SUFFIXES" (list "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$" "a lowercase domain without a leading dot, such as apps.example.com")
  "SPACEPORT_GIT_IDENTITIES" (list "^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?=[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" "CLUSTER/NAMESPACE=HANDLE, such as default/team-a=alice-1a2b3c")
  "SPACEPORT_CLUSTER_READABLE" (list "^[a-z][-a-z0-9]*(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$" "RESOURCE.GROUP, such as storageclasses.storage.k8s.io")
  "SPACEPORT_PLATFORM_NAMESPACES" (list "^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?|[a-z0-9][-a-z0-9]{0,61}\\*)$" "a namespace, or a prefix and *, such as infra-*")
  "SPACEPORT_ADMIN_GROUPS" (list "." "a group")
  "SPACEPORT_PUSHED_PRIVILEGED_GROUPS" (list "." "a group")
  "SPACEPORT_AUDITOR_GROUPS" (list "." "a group")
  "SPACEPORT_ADMINS" (list "^(sub:[!-+\\x2d-~]{1,255}|[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?)+)$" "sub:SUBJECT or an email address")
  "SPACEPORT_AUDITORS" (list "^(sub:[!-+\\x2d-~]{1,255}|[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?)+)$" "sub:SUBJECT or an email address")
  "SPACEPORT_SIGN_IN_GROUPS" (list "." "a group")
  "SPACEPORT_SIGN_IN_DOMAINS" (list "^[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?)+$" "a domain in ASCII, without *, such as example.com")
  "WORKER_AUDIT_CONTROLLERS" (list "." "a user or group")
  "SPACEPORT_DENIED_CIDRS" (list "." "a CIDR")
  "SPACEPORT_DNS_PEERS" (list "^([0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*|[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(:(53|5353))?)$" "an address, or a namespace with port 53 or 5353, such as openshift-dns:5353")
  "SPACEPORT_WEBHOOK_ALLOWED_HOSTS" (list "^(([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?|\\[[0-9a-fA-F:.]+\\])(:[0-9]{1,5})?|[0-9a-fA-F:.]+/[0-9]+)$" "a host, HOST:PORT or a CIDR") -}}
{{- /* An empty item is an error here: a list of blanks would set no limit. */ -}}
{{- $withoutGaps := list "SPACEPORT_ADMINS" "SPACEPORT_AUDITORS" "SPACEPORT_SIGN_IN_GROUPS" "SPACEPORT_SIGN_IN_DOMAINS" -}}
{{- range $name, $rule := $lists -}}
{{- if hasKey $config $name -}}
{{- $given := index $config $name -}}
{{- $gaps := and (has $name $withoutGaps) (ne (toString $given) "") -}}
{{- range $item := ternary $given (splitList "," (toString $given)) (kindIs "slice" $given) -}}
{{- $item = trim $item -}}
{{- if and (or $item $gaps) (not (regexMatch (first $rule) $item)) -}}
{{- $problems = append $problems (printf "config.%s: %q isn’t %s" $name $item (last $rule)) -}}
{{- else if and (eq $name "SPACEPORT_INGRESS_SUFFIXES") (gt (len $item) 189) -}}
{{- $problems = append $problems (printf "config.%s: %q is longer than 189 characters" $name $item) -}}
{{- else if and $item (eq $name "SPACEPORT_DENIED_CIDRS") -}}
{{- $problem := include "spaceport.cidrProblem" $item -}}
{{- if $problem -}}{{- $problems = append $problems (printf "config.%s: %s" $name $problem) -}}
{{- else if hasSuffix "/0" $item -}}{{- $problems = append $problems (printf "config.%s: %q covers all addresses, so spaces could reach nothing" $name $item) -}}
{{- else if regexMatch "(?i)^(0{0,4}:){1,5}:?ffff:" $item -}}{{- $problems = append $problems (printf "config.%s: %q must be written as an IPv4 range" $name $item) -}}
{{- end -}}
{{- else if and (eq $name "SPACEPORT_DNS_PEERS") (regexMatch "^[0-9.]+$|:.*:" $item) -}}
{{- if include "spaceport.cidrProblem" (printf "%s/%s" $item (ternary "128" "32" (contains ":" $item))) -}}
{{- $problems = append $problems (printf "config.%s: %q isn’t an IP address" $name $item) -}}
{{- end -}}
{{- else if and (eq $name "SPACEPORT_WEBHOOK_ALLOWED_HOSTS") (regexMatch "/" $item) -}}
{{- $problem := include "spaceport.cidrProblem" $item -}}
{{- if $problem -}}{{- $problems = append $problems (printf "config.%s: %s" $name $problem) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* A namespace may be mapped once, and only on a configured cluster. */ -}}
{{- $clusters := list -}}
{{- if $values.clusters.own.enabled }}{{ $clusters = append $clusters $values.clusters.own.name }}{{ end -}}
{{- range $values.clusters.further }}{{ $clusters = append $clusters .name }}{{ end -}}
{{- $given := $config.SPACEPORT_GIT_IDENTITIES | default list -}}
{{- $mapped := list -}}
{{- range $item := ternary $given (splitList "," (toString $given)) (kindIs "slice" $given) -}}
{{- $place := first (splitList "=" (trim $item)) -}}
{{- if contains "/" $place -}}
{{- if has $place $mapped }}{{ $problems = append $problems (printf "config.SPACEPORT_GIT_IDENTITIES: %q maps a namespace twice" (trim $item)) }}{{ end -}}
{{- $mapped = append $mapped $place -}}
{{- $cluster := first (splitList "/" $place) -}}
{{- if not (has $cluster $clusters) }}{{ $problems = append $problems (printf "config.SPACEPORT_GIT_IDENTITIES: %q names a cluster that isn’t in clusters" (trim $item)) }}{{ end -}}
{{- end -}}
{{- end -}}

{{- /* The claim that identifies people: as in lib/config/is-subject-claim.ts. */ -}}
{{- with $config.OIDC_SUBJECT_CLAIM -}}
{{- $last := regexReplaceAll "[-_]" (lower (last (regexSplit "[/:.#]" . -1))) "" -}}
{{- if or (eq $last "") (regexMatch "^(upn|name|fullname|givenname|firstname|familyname|lastname|middlename|nickname|login|displayname|surname|uniquename|commonname|samaccountname|onpremsamaccountname|profile|picture|website|gender|birthdate|zoneinfo|locale|address|updatedat|department|title|loginhint|iss|aud|azp|exp|iat|nbf|jti|sid|nonce|acr|amr|authtime|athash|chash|typ|tid|idp|ver|uti|rh|aio|scp|scope|appid|ipaddr|groups|roles|wids|hd)$" $last) (regexMatch "mail|username|phone|principalname" $last) -}}
{{- $problems = append $problems (printf "config.OIDC_SUBJECT_CLAIM: %q can change or isn’t about a person, so it can’t identify people: use sub, oid, or a claim of your own that never changes" .) -}}
{{- end -}}
{{- end -}}
{{- if and (ne ($config.OIDC_GROUPS_OVERAGE | default "refuse") "refuse") (ne ($config.OIDC_GROUPS_CLAIM | default "groups") "groups") -}}
{{- $problems = append $problems "config.OIDC_GROUPS_OVERAGE: it only applies to the claim groups, but OIDC_GROUPS_CLAIM is another" -}}
{{- end -}}

{{- if ne (empty $config.SPACEPORT_TRAIL_SYSLOG_CERT) (empty $config.SPACEPORT_TRAIL_SYSLOG_KEY) -}}
{{- $problems = append $problems "config.SPACEPORT_TRAIL_SYSLOG_KEY: set it together with SPACEPORT_TRAIL_SYSLOG_CERT" -}}
{{- end -}}

{{- range $process := list "web" "gateway" "worker" -}}
{{- $own := index $values $process -}}
{{- if and $own.autoscaling.enabled (gt (int $own.autoscaling.min) (int $own.autoscaling.max)) -}}
{{- $problems = append $problems (printf "%s.autoscaling.min: %d is more than max, %d" $process (int $own.autoscaling.min) (int $own.autoscaling.max)) -}}
{{- end -}}
{{- $problems = concat $problems (include "spaceport.resourceProblems" (dict "name" (printf "%s.resources" $process) "resources" $own.resources) | fromJsonArray) -}}
{{- $problems = concat $problems (include "spaceport.mountProblems" (dict "name" (printf "%s.extraVolumeMounts" $process) "volumes" $own.extraVolumes "mounts" $own.extraVolumeMounts) | fromJsonArray) -}}
{{- end -}}
{{- $problems = concat $problems (include "spaceport.resourceProblems" (dict "name" "migrations.resources" "resources" $values.migrations.resources) | fromJsonArray) -}}
{{- $problems = concat $problems (include "spaceport.mountProblems" (dict "name" "command.volumeMounts" "volumes" $values.command.volumes "mounts" $values.command.volumeMounts) | fromJsonArray) -}}

{{- /* The address ranges: name, and ranges. */ -}}
{{- $ranges := list -}}
{{- range $name, $service := dict "web.service" $values.web.service "gateway.service" $values.gateway.service "worker.audit.service" $values.worker.audit.service -}}
{{- range $i, $cidr := $service.loadBalancerSourceRanges }}{{ $ranges = append $ranges (list (printf "%s.loadBalancerSourceRanges[%d]" $name $i) $cidr) }}{{ end -}}
{{- end -}}
{{- $policy := $values.networkPolicy -}}
{{- $peers := dict "webFrom" $policy.webFrom "gatewayFrom" $policy.gatewayFrom "auditFrom" $policy.auditFrom -}}
{{- range $name, $egress := $policy.egress }}{{ $_ := set $peers (printf "egress.%s.to" $name) $egress.to }}{{ end -}}
{{- range $name, $list := $peers -}}
{{- range $i, $peer := $list -}}
{{- with $peer.ipBlock -}}
{{- $at := printf "networkPolicy.%s[%d].ipBlock" $name $i -}}
{{- $ranges = append $ranges (list (printf "%s.cidr" $at) .cidr) -}}
{{- range $j, $cidr := .except }}{{ $ranges = append $ranges (list (printf "%s.except[%d]" $at $j) $cidr) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $range := $ranges -}}
{{- $problem := include "spaceport.cidrProblem" (last $range) -}}
{{- if $problem }}{{ $problems = append $problems (printf "%s: %s" (first $range) $problem) }}{{ end -}}
{{- end -}}

{{- if $problems }}{{ fail (printf "these values can't be used:\n- %s\n" (join "\n- " $problems)) }}{{ end -}}
{{- end }}

{{/* Takes name and resources. @returns a JSON list */}}
{{- define "spaceport.resourceProblems" -}}
{{- $problems := list -}}
{{- $limits := .resources.limits | default dict -}}
{{- range $resource, $request := .resources.requests -}}
{{- if hasKey $limits $resource -}}
{{- $limit := index $limits $resource -}}
{{- if gt (include "spaceport.quantity" $request | float64) (include "spaceport.quantity" $limit | float64) -}}
{{- $problems = append $problems (printf "%s.requests.%s: %v is more than the limit, %v" $.name $resource $request $limit) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{ toJson $problems }}
{{- end }}

{{/* Takes name, volumes and mounts. @returns a JSON list */}}
{{- define "spaceport.mountProblems" -}}
{{- $problems := list -}}
{{- $names := list -}}
{{- range .volumes }}{{ $names = append $names .name }}{{ end -}}
{{- range $i, $mount := .mounts -}}
{{- if not (has $mount.name $names) }}{{ $problems = append $problems (printf "%s[%d].name: no volume is named %q" $.name $i $mount.name) }}{{ end -}}
{{- end -}}
{{ toJson $problems }}
{{- end }}

{{/* Takes a quantity of Kubernetes (500m, 128Mi, 1e3). @returns a number */}}
{{- define "spaceport.quantity" -}}
{{- $text := toString . -}}
{{- $number := regexFind "^[0-9.]+" $text -}}
{{- $unit := trimPrefix $number $text -}}
{{- if regexMatch "^[eE][-+]?[0-9]+$" $unit -}}
{{ float64 $text }}
{{- else -}}
{{- $factors := dict "" 1.0 "n" 1e-9 "u" 1e-6 "m" 1e-3 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "E" 1e18 "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 "Pi" 1125899906842624.0 "Ei" 1152921504606846976.0 -}}
{{ mulf (float64 $number) (get $factors $unit) }}
{{- end -}}
{{- end }}

{{/* Takes a CIDR. @returns the problem, or nothing */}}
{{- define "spaceport.cidrProblem" -}}
{{- $octet := "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])" -}}
{{- $address := regexReplaceAll "/[0-9]+$" . "" -}}
{{- $length := trimPrefix "/" (regexFind "/(0|[1-9][0-9]{0,2})$" .) -}}
{{- $groups := list -}}
{{- $size := 16 -}}
{{- if regexMatch (printf "^%s(\\.%s){3}$" $octet $octet) $address -}}
{{- $size = 8 -}}
{{- range splitList "." $address }}{{ $groups = append $groups (int .) }}{{ end -}}
{{- else if regexMatch (printf "^[0-9a-fA-F:]*:([0-9a-fA-F]{0,4}|%s(\\.%s){3})$" $octet $octet) $address -}}
{{- /* An IPv4 address at the end counts as two groups. */ -}}
{{- $four := regexFind "[0-9.]+$" $address -}}
{{- if contains "." $four -}}
{{- $of := splitList "." $four -}}
{{- $address = printf "%s%x:%x" (trimSuffix $four $address) (add (mul 256 (int (index $of 0))) (int (index $of 1))) (add (mul 256 (int (index $of 2))) (int (index $of 3))) -}}
{{- end -}}
{{- $halves := splitList "::" $address -}}
{{- $left := compact (splitList ":" (first $halves)) -}}
{{- $right := ternary (compact (splitList ":" (last $halves))) (list) (eq (len $halves) 2) -}}
{{- $written := add (len $left) (len $right) -}}
{{- $whole := and (le (len $halves) 2) (not (regexMatch ":::|^:[^:]|[^:]:$|[0-9a-fA-F]{5}" $address)) -}}
{{- if and $whole (or (and (eq (len $halves) 1) (eq (int $written) 8)) (and (eq (len $halves) 2) (lt (int $written) 8))) -}}
{{- range $left }}{{ $groups = append $groups (int64 (printf "0x%s" .)) }}{{ end -}}
{{- range until (int (sub 8 $written)) }}{{ $groups = append $groups 0 }}{{ end -}}
{{- range $right }}{{ $groups = append $groups (int64 (printf "0x%s" .)) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- if or (not $groups) (eq $length "") -}}
{{ printf "%q isn’t a CIDR such as 10.0.0.0/8" . }}
{{- else if gt (int $length) (mul $size (len $groups)) -}}
{{ printf "%q has a prefix longer than its address" . }}
{{- else -}}
{{- $beyond := false -}}
{{- range $i, $group := $groups -}}
{{- $free := min $size (max 0 (sub (mul $size (add $i 1)) (int $length))) -}}
{{- $block := 1 -}}
{{- range until (int $free) }}{{ $block = mul $block 2 }}{{ end -}}
{{- if ne 0 (int (mod $group $block)) }}{{ $beyond = true }}{{ end -}}
{{- end -}}
{{- if $beyond }}{{ printf "%q must start with the first address of its range" . }}{{ end -}}
{{- end -}}
{{- end }}
