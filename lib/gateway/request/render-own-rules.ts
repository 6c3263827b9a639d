/**
 * Renders a person's rights in a namespace as rules. Must never list a right that a request would be refused: each gets
 * the decision of that request, and the API server must have a rule for it too.
 */
import { z } from 'zod'
import type { Access } from '#lib/gateway/credential/access.ts'
import { decide } from '#lib/gateway/decision/decide.ts'
import { openUrls, ownReviews } from '#lib/gateway/decision/decide-cluster-scope.ts'
import type { AccessRules } from '#lib/gateway/decision/decision.ts'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { roleRules } from '#lib/kernel/model/access/role-rules.ts'

const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? [])
const resourceRule = z.object({ verbs: texts, apiGroups: texts, resources: texts, resourceNames: texts })
const nonResourceRule = z.object({ verbs: texts, nonResourceURLs: texts })

/** The API server's answer for the same person (authorization.k8s.io/v1, SubjectRulesReviewStatus). */
export const ownRulesSchema = z.object({
  resourceRules: z
    .array(resourceRule)
    .nullish()
    .transform((rules) => rules ?? []),
  nonResourceRules: z
    .array(nonResourceRule)
    .nullish()
    .transform((rules) => rules ?? []),
  incomplete: z.boolean().default(false),
  evaluationError: z.string().optional(),
})
export type OwnRules = z.output<typeof ownRulesSchema>

type Right = { group: string; version: string; resource: string; verb: string; namespace: string }

function* candidates(namespace: string, rules: AccessRules): Generator<Right> {
  for (const { apiGroups, resources, verbs } of roleRules.admin)
    for (const group of apiGroups)
      for (const resource of resources)
        for (const verb of verbs) yield { group, version: 'v1', resource, verb, namespace }
  const split = (qualified: string) => {
    const dot = qualified.indexOf('.')
    return dot < 0 ? ([qualified, ''] as const) : ([qualified.slice(0, dot), qualified.slice(dot + 1)] as const)
  }
  for (const kind of ['namespaces', ...rules.clusterReadable]) {
    const [resource, group] = split(kind)
    for (const verb of ['get', 'list', 'watch']) yield { group, version: 'v1', resource, verb, namespace: '' }
  }
  for (const review of ownReviews) {
    const [kind = '', version = ''] = review.split('/')
    const [resource, group] = split(kind)
    yield { group, version, resource, verb: 'create', namespace: '' }
  }
}

const among = (list: readonly string[], value: string) => list.includes(value) || list.includes('*')

/** Matches like the API server (k8s.io/kubernetes, pkg/apis/rbac/v1/evaluation_helpers.go). */
const covers = (rule: OwnRules['resourceRules'][number], { group, resource, verb }: Right) =>
  among(rule.verbs, verb) &&
  among(rule.apiGroups, group) &&
  rule.resourceNames.length === 0 &&
  (among(rule.resources, resource) || rule.resources.includes(`*/${resource.split('/')[1]}`))

const coversUrl = (rule: OwnRules['nonResourceRules'][number], url: string) =>
  among(rule.verbs, 'get') &&
  rule.nonResourceURLs.some((known) => known === url || (known.endsWith('*') && url.startsWith(known.slice(0, -1))))

/**
 * @param ofCluster the API server's answer about that namespace, for the person
 * @param now milliseconds since the epoch
 */
export function renderOwnRules(
  namespace: string,
  ofCluster: OwnRules,
  cluster: string,
  access: Access,
  now: number,
  rules: AccessRules,
): OwnRules {
  /** group and resource → verbs */
  const verbsOf = new Map<string, { group: string; resource: string; verbs: string[] }>()
  for (const right of candidates(namespace, rules)) {
    if (!isAllowed(right)) continue
    const { group, resource, verb } = right
    const key = `${group}/${resource}`
    const known = verbsOf.get(key)
    if (!known) verbsOf.set(key, { group, resource, verbs: [verb] })
    else if (!known.verbs.includes(verb)) known.verbs.push(verb)
  }
  const urls = openUrls.filter((url) => ofCluster.nonResourceRules.some((rule) => coversUrl(rule, url)))
  return {
    resourceRules: [...verbsOf.values()].map(({ group, resource, verbs }) => ({
      verbs,
      apiGroups: [group],
      resources: [resource],
      resourceNames: [],
    })),
    nonResourceRules: [{ verbs: ['get'], nonResourceURLs: urls }],
    incomplete: ofCluster.incomplete,
    ...(ofCluster.evaluationError !== undefined && { evaluationError: ofCluster.evaluationError }),
  }

  function isAllowed(right: Right): boolean {
    const [resource = '', subresource = ''] = right.resource.split('/')
    try {
      const asked = { kind: 'resource', cluster, ...right, resource, subresource, name: '' } as const
      if (decide(asked, access, now, rules).as === 'gateway') return true
    } catch (error) {
      if (error instanceof GatewayRefusal) return false
      throw error
    }
    return ofCluster.resourceRules.some((rule) => covers(rule, right))
  }
}
