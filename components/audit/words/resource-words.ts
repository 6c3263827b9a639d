/** The names of Kubernetes resources in the singular, in words. All others lose their plural ending. */
const singular: Readonly<Record<string, string>> = {
  endpoints: 'endpoints',
  ingresses: 'ingress',
  configmaps: 'config map',
  serviceaccounts: 'service account',
  replicasets: 'replica set',
  statefulsets: 'stateful set',
  daemonsets: 'daemon set',
  cronjobs: 'cron job',
  networkpolicies: 'network policy',
  persistentvolumeclaims: 'volume claim',
  resourcequotas: 'quota',
  limitranges: 'limit range',
  rolebindings: 'role binding',
  clusterroles: 'cluster role',
  clusterrolebindings: 'cluster role binding',
  horizontalpodautoscalers: 'autoscaler',
  poddisruptionbudgets: 'disruption budget',
  endpointslices: 'endpoint slice',
  replicationcontrollers: 'replication controller',
  customresourcedefinitions: 'custom resource definition',
}

export type Resource = { one: string; many: string; subresource: string | null }

/**
 * @param kind a resource as stored in the trail: `deployments/scale.apps`
 * @returns its words: `deployment`, `deployments` and the subresource, without the API group
 */
export function resourceWords(kind: string): Resource {
  const [, plural = kind, subresource = null] = /^([^/.]+)(?:\/([^.]+))?(?:\.|$)/.exec(kind) ?? []
  const one = Object.hasOwn(singular, plural) ? (singular[plural] ?? plural) : withoutPlural(plural)
  const many = one === plural ? plural : one.endsWith('y') ? `${one.slice(0, -1)}ies` : withPlural(one)
  return { one, many, subresource }
}

const withoutPlural = (plural: string): string =>
  plural.endsWith('ies')
    ? `${plural.slice(0, -3)}y`
    : /(?:s|x|ch|sh)es$/.test(plural)
      ? plural.slice(0, -2)
      : plural.replace(/s$/, '')

const withPlural = (one: string): string => (/(?:s|x|ch|sh)$/.test(one) ? `${one}es` : `${one}s`)

/** @returns `a deployment`, `an ingress` */
export const withArticle = (one: string): string => `${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}`
