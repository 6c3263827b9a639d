import { z } from 'zod'
import type { Manifest } from '#lib/domain/manifest.ts'
import type { Cluster } from '#lib/kube/cluster.ts'
import { request } from '#lib/kube/request.ts'
import { asServiceAccount, serviceAccountUser, systemNamespace } from './as-service-account.ts'
import type { Area } from './check.ts'
import { bad, doubtful, type Finding, good } from './finding.ts'
import { few, type Right, rightsBeyond, rightsOf, ruleSchema, sayRight } from './rights-of-rules.ts'

const remedy = 'compare its roles and bindings with deploy/manifests (SECURITY.md, identities; docs/own-cluster.md, 1)'
const peoplesNamespace = 'spaceport-users'

/** Whether the API server gives the two identities what they need, and no more. */
export const rights = (cluster: Cluster, shipped: readonly Manifest[]): Area => ({
  title: 'Rights',
  checks: (['broker', 'gateway'] as const).flatMap((called) => {
    const account = `spaceport-${called}`
    const granted = grantsTo(account, shipped)
    return [
      {
        about: `What the ${called} needs`,
        remedy: 'let this login create SubjectAccessReviews',
        limitMs: 20_000,
        run: (signal: AbortSignal) => findMissing(cluster, called, granted, signal),
      },
      {
        about: `What the ${called} must not have`,
        remedy: 'let this login create SubjectAccessReviews',
        limitMs: 20_000,
        run: (signal: AbortSignal) => findDangerous(cluster, called, signal),
      },
      {
        about: `What else the ${called} has`,
        remedy: 'let this login impersonate ServiceAccounts, as a cluster admin may',
        limitMs: 20_000,
        run: (signal: AbortSignal) => findAdded(cluster, called, granted, signal),
      },
    ]
  }),
})

/** `namespace` empty: everywhere. */
type Grant = Right & { namespace: string }

const bindingSchema = z.object({
  roleRef: z.object({ kind: z.string(), name: z.string() }),
  subjects: z.array(z.object({ name: z.string(), namespace: z.string().optional() })),
})
const rulesSchema = z.object({ rules: z.array(ruleSchema) })

/** @returns what the shipped bindings give a ServiceAccount */
function grantsTo(account: string, shipped: readonly Manifest[]): Grant[] {
  return shipped
    .filter(({ kind }) => kind.endsWith('RoleBinding'))
    .flatMap((binding) => {
      const { roleRef, subjects } = bindingSchema.parse(binding)
      const bound = subjects.some(({ name, namespace }) => name === account && namespace === systemNamespace)
      if (!bound) return []
      const namespace = binding.metadata.namespace ?? ''
      const role = shipped.find(
        ({ kind, metadata }) =>
          kind === roleRef.kind &&
          metadata.name === roleRef.name &&
          (kind === 'ClusterRole' || metadata.namespace === namespace),
      )
      return rightsOf(rulesSchema.parse(role).rules).map((right) => ({ ...right, namespace }))
    })
}

async function findMissing(
  cluster: Cluster,
  called: string,
  granted: readonly Grant[],
  signal: AbortSignal,
): Promise<Finding> {
  const missing = (await ask(cluster, called, granted, signal)).filter(({ allowed }) => !allowed)
  return missing.length === 0
    ? good(`The ${called} may do all ${granted.length} things that it needs`)
    : bad(`The ${called} may not ${few(missing.map(({ grant }) => sayGrant(grant)))}`, remedy)
}

const rbac = 'rbac.authorization.k8s.io'
const admission = 'admissionregistration.k8s.io'
/** What would make a stolen token worth the cluster. */
const dangerous: readonly Grant[] = (
  [
    ['get', '', 'secrets'],
    ['list', '', 'secrets'],
    ['create', '', 'secrets'],
    ['create', '', 'pods'],
    ['create', '', 'pods/exec'],
    ['create', '', 'serviceaccounts/token'],
    ['get', '', 'nodes/proxy'],
    ['impersonate', '', 'users'],
    ['impersonate', '', 'groups'],
    ['impersonate', '', 'serviceaccounts'],
    ['create', 'apps', 'deployments'],
    ['create', rbac, 'clusterrolebindings'],
    ['create', rbac, 'roles'],
    ['update', rbac, 'clusterroles'],
    ['escalate', rbac, 'clusterroles'],
    ['bind', rbac, 'clusterroles', 'cluster-admin'],
    ['update', admission, 'validatingadmissionpolicies'],
    ['delete', admission, 'validatingadmissionpolicybindings'],
    ['create', admission, 'mutatingwebhookconfigurations'],
  ] as const
).map(([verb, group, resource, name = '']) => ({ verb, group, resource, name, namespace: 'kube-system' }))

async function findDangerous(cluster: Cluster, called: string, signal: AbortSignal): Promise<Finding> {
  const allowed = (await ask(cluster, called, dangerous, signal)).filter((answer) => answer.allowed)
  return allowed.length === 0
    ? good(
        `The ${called} may do none of ${dangerous.length} things that would give it the cluster (get secrets, create pods, …)`,
      )
    : bad(`The ${called} may ${few(allowed.map(({ grant }) => sayGrant(grant)))}, which it must not`, remedy)
}

const reviewedRules = z.object({
  status: z.object({
    resourceRules: z.array(ruleSchema).nullish(),
    incomplete: z.boolean().default(false),
  }),
})

/** Compared with what any ServiceAccount beside it may do. */
async function findAdded(
  cluster: Cluster,
  called: string,
  granted: readonly Grant[],
  signal: AbortSignal,
): Promise<Finding> {
  const rulesIn = async (account: string, namespace: string) => {
    const asked = {
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
      body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } },
      signal,
    } as const
    const { status } = await request(asServiceAccount(cluster, account), asked, reviewedRules)
    return { rights: rightsOf(status.resourceRules ?? []), incomplete: status.incomplete }
  }
  const seen = await Promise.all(
    ['kube-system', systemNamespace, peoplesNamespace].map(async (namespace) => {
      const [its, anybodys] = await Promise.all([
        rulesIn(`spaceport-${called}`, namespace),
        rulesIn('spaceport-doctor-asks-for-nobody', namespace),
      ])
      const expected = granted.filter((grant) => grant.namespace === '' || grant.namespace === namespace)
      const added = rightsBeyond(its.rights, [...anybodys.rights, ...expected])
      return { added: added.map((right) => `${right} in ${namespace}`), incomplete: its.incomplete }
    }),
  )
  const added = seen.flatMap((one) => one.added)
  if (added.length > 0) return bad(`The ${called} has rights that this version doesn’t give it: ${few(added)}`, remedy)
  if (seen.some(({ incomplete }) => incomplete))
    return doubtful(`The ${called}’s rights can’t be listed: an authorizer of this cluster doesn’t say what it allows`)
  return good(`The ${called} has no other rights`)
}

const sayGrant = (grant: Grant) => `${sayRight(grant)}${grant.namespace === '' ? '' : ` in ${grant.namespace}`}`

const reviewSchema = z.object({ status: z.object({ allowed: z.boolean() }) })
/** Concurrent questions. */
const atOnce = 8

async function ask(cluster: Cluster, called: string, grants: readonly Grant[], signal: AbortSignal) {
  const answers: { grant: Grant; allowed: boolean }[] = []
  const waiting = [...grants]
  const askOne = async (grant: Grant) => {
    const { verb, group, name, namespace } = grant
    const slash = grant.resource.indexOf('/')
    const resource = slash < 0 ? grant.resource : grant.resource.slice(0, slash)
    const subresource = slash < 0 ? '' : grant.resource.slice(slash + 1)
    const spec = {
      user: serviceAccountUser(`spaceport-${called}`),
      groups: ['system:serviceaccounts', `system:serviceaccounts:${systemNamespace}`, 'system:authenticated'],
      resourceAttributes: { verb, group, resource, subresource, name, namespace },
    }
    const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec }
    const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews'
    const { status } = await request(cluster, { method: 'POST', path, body, signal }, reviewSchema)
    answers.push({ grant, allowed: status.allowed })
  }
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let grant = waiting.shift(); grant; grant = waiting.shift()) await askOne(grant)
    }),
  )
  return answers
}
