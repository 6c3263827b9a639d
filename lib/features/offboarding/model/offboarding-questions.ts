/** A question to an API server about a person. `resource` may have a subresource: `pods/exec`. */
type Question = { name: string; verb: string; group: string; resource: string }

/**
 * The questions about each space: one verb of each kind of access that Spaceport's roles give, and those that would
 * allow privilege escalation.
 */
export const spaceQuestions = [
  { name: 'read pods', verb: 'list', group: '', resource: 'pods' },
  { name: 'read secrets', verb: 'get', group: '', resource: 'secrets' },
  { name: 'run pods', verb: 'create', group: '', resource: 'pods' },
  { name: 'change deployments', verb: 'patch', group: 'apps', resource: 'deployments' },
  { name: 'open a shell', verb: 'create', group: '', resource: 'pods/exec' },
  { name: 'create tokens', verb: 'create', group: '', resource: 'serviceaccounts/token' },
  { name: 'bind roles', verb: 'create', group: 'rbac.authorization.k8s.io', resource: 'rolebindings' },
] as const satisfies readonly Question[]

/**
 * The questions about the whole cluster, besides the same questions across all namespaces. SPACEPORT_CLUSTER_READABLE
 * is excluded: it applies to a group of ServiceAccounts, and the person's ServiceAccount is deleted.
 */
const wholeQuestions = [
  { name: 'delete namespaces', verb: 'delete', group: '', resource: 'namespaces' },
  { name: 'reach nodes', verb: 'get', group: '', resource: 'nodes/proxy' },
  { name: 'impersonate users', verb: 'impersonate', group: '', resource: 'users' },
  { name: 'impersonate service accounts', verb: 'impersonate', group: '', resource: 'serviceaccounts' },
  {
    name: 'bind cluster roles',
    verb: 'create',
    group: 'rbac.authorization.k8s.io',
    resource: 'clusterrolebindings',
  },
] as const satisfies readonly Question[]

export const clusterQuestions: readonly Question[] = [...spaceQuestions, ...wholeQuestions]
