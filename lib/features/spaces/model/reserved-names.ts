/**
 * Names of namespaces that no space can have, because others rely on them. The fences `spaceport-broker` and
 * `spaceport-reach` have the same lists (deploy/cluster-chart/templates/60-fences.yaml), and tests compare them.
 */

/** The portal's own path. */
const ofPortal = ['new']

/** The cluster's own. */
const ofClusters = ['default', 'spaceport', 'kubernetes', 'openshift']

/**
 * Pods look names up in `NAMESPACE.svc.cluster.local`, `svc.cluster.local` and `cluster.local` first. So a Service
 * `github` in a namespace `com` answers for github.com in all namespaces, and one in `svc` for `github.svc`. No list
 * can hold every top-level domain; the prefix prevents that.
 */
const ofDns = [
  ...['svc', 'cluster', 'local', 'localhost', 'localdomain', 'internal', 'intranet', 'private', 'corp', 'home', 'lan'],
  ...['arpa', 'test', 'example', 'invalid', 'onion', 'pod', 'ip6', 'in-addr', 'dns', 'wpad', 'www'],
  ...['com', 'net', 'org', 'edu', 'gov', 'mil', 'int', 'info', 'biz', 'name', 'pro', 'mobi', 'coop', 'aero', 'asia'],
  ...['app', 'dev', 'cloud', 'site', 'shop', 'store', 'tech', 'online', 'page', 'pages', 'blog', 'xyz', 'team', 'work'],
  ...['systems', 'network', 'services', 'software', 'solutions', 'digital', 'email', 'group', 'company', 'global'],
  ...['zone', 'space', 'host', 'run', 'tools', 'build', 'codes', 'bank', 'google', 'amazon', 'aws', 'azure', 'apple'],
  ...['microsoft', 'live', 'link', 'click', 'top', 'club', 'world', 'today', 'news', 'media', 'ltd', 'gmbh', 'inc'],
]

/** Where charts and guides install cluster-wide services: a later installation would find the name taken. */
const ofPlatforms = [
  ...['cert-manager', 'argocd', 'argo', 'argo-cd', 'argo-rollouts', 'argo-events', 'argo-workflows', 'flux', 'fluxcd'],
  ...['ingress-nginx', 'nginx-ingress', 'traefik', 'contour', 'projectcontour', 'kong', 'haproxy', 'envoy', 'consul'],
  ...['monitoring', 'prometheus', 'grafana', 'loki', 'tempo', 'mimir', 'thanos', 'logging', 'tracing', 'observability'],
  ...['jaeger', 'opentelemetry', 'datadog', 'newrelic', 'dynatrace', 'splunk', 'elastic', 'fluent-bit', 'fluentd'],
  ...['vault', 'external-secrets', 'sealed-secrets', 'external-dns', 'kyverno', 'gatekeeper', 'opa', 'falco', 'trivy'],
  ...['velero', 'rook', 'rook-ceph', 'ceph', 'longhorn', 'minio', 'openebs', 'portworx', 'metallb', 'cilium', 'calico'],
  ...[
    'tigera',
    'tigera-operator',
    'linkerd',
    'keda',
    'karpenter',
    'crossplane',
    'tekton',
    'tekton-pipelines',
    'knative',
  ],
  ...['rancher', 'harbor', 'dex', 'keycloak', 'olm', 'operators', 'kubevirt', 'gpu-operator', 'local-path-storage'],
  ...['kubernetes-dashboard', 'headlamp', 'capi', 'spire', 'gitlab', 'gitlab-runner', 'actions-runner'],
]

/** Families of the platform's names, by prefix. */
export const platformPrefixes: readonly string[] = [
  ...['kube-', 'openshift-', 'spaceport-', 'cattle-', 'fleet-', 'istio-', 'linkerd-', 'knative-', 'gke-', 'gmp-'],
  ...['aws-', 'amazon-', 'azure-', 'aks-', 'eks-', 'capi-', 'calico-', 'cilium-', 'tekton-'],
]

/**
 * The platform's namespaces by name. No network policy of a space may allow traffic to them either (fence
 * `spaceport-reach`).
 */
export const platformNames: readonly string[] = [...ofClusters, ...ofPlatforms]

export const reservedPrefixes: readonly string[] = [...platformPrefixes, 'xn--']
export const reservedNames: readonly string[] = [...ofPortal, ...ofDns, ...platformNames]

/** @returns whether a namespace is the platform's: one of its names, of a family, or an operator's by convention (`…-system`) */
export const isPlatformNamespace = (namespace: string): boolean =>
  platform.has(namespace) ||
  platformPrefixes.some((prefix) => namespace.startsWith(prefix)) ||
  namespace.endsWith('-system')

/**
 * @param namespace an RFC 1123 label
 * @returns whether it is reserved: one of the names, of a family, an operator's by convention (`…-system`), or two
 *   letters long, like every country's top-level domain
 */
export const isReservedNamespace = (namespace: string): boolean =>
  isPlatformNamespace(namespace) ||
  names.has(namespace) ||
  reservedPrefixes.some((prefix) => namespace.startsWith(prefix)) ||
  /^[a-z]{2}$/.test(namespace)

const names = new Set(reservedNames)
const platform = new Set(platformNames)
