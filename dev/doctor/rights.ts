import { z } from 'zod'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { objectPath } from '#lib/kube/client/object-path.ts'
import { request } from '#lib/kube/client/request.ts'
import { asServiceAccount, serviceAccountUser, systemNamespace } from './as-service-account.ts'
import type { Area } from './check.ts'
import { bad, doubtful, type Finding, good, skipped } from './finding.ts'
import { once } from './once.ts'
import { describeRight, few, type Right, rightsBeyond, rightsOf, ruleSchema } from './rights-of-rules.ts'

const remedy =
  'compare its roles and bindings with deploy/cluster-chart/templates (SECURITY.md, identities; docs/own-cluster.md, 1)'
const peoplesNamespace = 'spaceport-users'

/**
 * Checks that the API server gives the two identities what they need, and no more. manifests.ts reports roles and
 * bindings that differ from `deploy/cluster-chart/templates`, so their consequences aren’t reported again.
 */
export const rights = (cluster: Cluster, shipped: readonly Manifest[]): Area => ({
  title: 'Rights',
  checks: (['broker', 'gateway'] as const).flatMap((called) => {
    const account = `spaceport-${called}`
    const granted = grantsTo(account, shipped)
    const live = once(async () => grantsTo(account, await readLive(cluster, shipped)))
    const dangers = once(() => listDangerous(cluster, called))
    const added = once(async () => listAdded(cluster, called, [...granted, ...(await live())]))
    return [
      {
        about: `What the ${called} needs`,
        remedy: 'let this login create SubjectAccessReviews',
        limitMs: 20_000,
        run: async (signal: AbortSignal) => {
          const missing = (await ask(cluster, called, granted, signal)).filter(({ allowed }) => !allowed)
          return checkMissing(called, granted.length, missing, await live())
        },
      },
      {
        about: `What the ${called} must not have`,
        remedy: 'let this login create SubjectAccessReviews',
        limitMs: 20_000,
        run: async () =>
          checkDangerous(called, await dangers(), await live(), (await added().catch(() => noneAdded)).rights),
      },
      {
        about: `What else the ${called} has`,
        remedy: 'let this login impersonate ServiceAccounts, as a cluster admin may',
        limitMs: 20_000,
        run: async () => {
          const found = await added()
          const isReported = (await dangers().catch(() => [])).length > 0
          return isReported ? [] : checkAdded(called, found)
        },
      },
    ]
  }),
})

/** `namespace` empty: everywhere. */
type Grant = Right & { namespace: string }

const bindingSchema = z.object({
  roleRef: z.object({ kind: z.string(), name: z.string() }),
  subjects: z.array(z.object({ name: z.string(), namespace: z.string().optional() })).nullish(),
})
const rulesSchema = z.object({ rules: z.array(ruleSchema).nullish() })
const liveSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
})

/** @returns the shipped roles and bindings as they are on the cluster, without missing ones */
async function readLive(cluster: Cluster, shipped: readonly Manifest[]): Promise<Manifest[]> {
  const wanted = shipped.filter(({ kind }) => /^(Cluster)?Role(Binding)?$/.test(kind))
  const found = await Promise.all(
    wanted.map(async ({ apiVersion, kind, metadata: { name, namespace } }) => {
      const path = objectPath({ apiVersion, kind, name, ...(namespace && { namespace }) })
      try {
        return [await request(cluster, { method: 'GET', path }, liveSchema)]
      } catch (error) {
        if (isAppError(error, 'not_found')) return []
        throw error
      }
    }),
  )
  return found.flat()
}

/** @returns the rights of a ServiceAccount's bindings */
function grantsTo(account: string, shipped: readonly Manifest[]): Grant[] {
  return shipped
    .filter(({ kind }) => kind.endsWith('RoleBinding'))
    .flatMap((binding) => {
      const { roleRef, subjects } = bindingSchema.parse(binding)
      const bound = subjects?.some(({ name, namespace }) => name === account && namespace === systemNamespace)
      if (!bound) return []
      const namespace = String(binding.metadata.namespace ?? '')
      const role = shipped.find(
        ({ kind, metadata }) =>
          kind === roleRef.kind &&
          metadata.name === roleRef.name &&
          (kind === 'ClusterRole' || metadata.namespace === namespace),
      )
      if (!role) return []
      return rightsOf(rulesSchema.parse(role).rules ?? []).map((right) => ({ ...right, namespace }))
    })
}

/** Whether one grant includes another. */
const covers = (given: Grant, { verb, group, resource, name, namespace }: Grant): boolean =>
  [verb, '*'].includes(given.verb) &&
  [group, '*'].includes(given.group) &&
  [resource, '*'].includes(given.resource) &&
  ['', name].includes(given.name) &&
  ['', namespace].includes(given.namespace)

type Answer = { grant: Grant; allowed: boolean }
const describeAll = (answers: readonly Answer[]) => few(answers.map(({ grant }) => describeGrant(grant)))

function checkMissing(called: string, needed: number, missing: readonly Answer[], live: readonly Grant[]): Finding {
  const unexplained = missing.filter(({ grant }) => live.some((given) => covers(given, grant)))
  if (unexplained.length > 0) return bad(`The ${called} may not ${describeAll(unexplained)}`, remedy)
  return missing.length === 0
    ? good(`The ${called} has all ${needed} rights that it needs`)
    : skipped(`The ${called} may not ${describeAll(missing)}, because of its roles or bindings above`)
}

const rbac = 'rbac.authorization.k8s.io'
const admission = 'admissionregistration.k8s.io'
/** Rights that would let a stolen token take over the cluster. */
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

const listDangerous = async (cluster: Cluster, called: string): Promise<Answer[]> =>
  (await ask(cluster, called, dangerous, AbortSignal.timeout(20_000))).filter(({ allowed }) => allowed)

function checkDangerous(
  called: string,
  allowed: readonly Answer[],
  live: readonly Grant[],
  added: readonly string[],
): Finding {
  if (allowed.length === 0)
    return good(
      `The ${called} lacks all ${dangerous.length} rights that would give it the cluster (get secrets, create pods, …)`,
    )
  const said = `The ${called} may ${describeAll(allowed)}, which it must not`
  const unexplained = allowed.filter(({ grant }) => !live.some((given) => covers(given, grant)))
  if (unexplained.length === 0) return skipped(`${said}, because of its roles or bindings above`)
  return bad(`${said}${added.length > 0 ? `; this version doesn’t give it ${few(added)}` : ''}`, remedy)
}

const reviewedRules = z.object({
  status: z.object({
    resourceRules: z.array(ruleSchema).nullish(),
    incomplete: z.boolean().default(false),
  }),
})

type Added = { rights: string[]; incomplete: boolean }
const noneAdded: Added = { rights: [], incomplete: false }

/** @returns a ServiceAccount's rights beyond `expected` and beyond any other ServiceAccount there */
async function listAdded(cluster: Cluster, called: string, expected: readonly Grant[]): Promise<Added> {
  const signal = AbortSignal.timeout(20_000)
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
      const here = expected.filter((grant) => grant.namespace === '' || grant.namespace === namespace)
      const added = rightsBeyond(its.rights, [...anybodys.rights, ...here])
      return { added: added.map((right) => `${right} in ${namespace}`), incomplete: its.incomplete }
    }),
  )
  return { rights: seen.flatMap(({ added }) => added), incomplete: seen.some(({ incomplete }) => incomplete) }
}

function checkAdded(called: string, { rights: added, incomplete }: Added): Finding {
  if (added.length > 0) return bad(`The ${called} has rights that this version doesn’t give it: ${few(added)}`, remedy)
  if (incomplete)
    return doubtful(
      `The ${called}’s rights can’t be listed: an authorizer of this cluster doesn’t report what it allows`,
    )
  return good(`The ${called} has no other rights`)
}

const describeGrant = (grant: Grant) =>
  `${describeRight(grant)}${grant.namespace === '' ? '' : ` in ${grant.namespace}`}`

const reviewSchema = z.object({ status: z.object({ allowed: z.boolean() }) })
/** Concurrent requests. */
const atOnce = 8

async function ask(cluster: Cluster, called: string, grants: readonly Grant[], signal: AbortSignal): Promise<Answer[]> {
  const answers: Answer[] = []
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
