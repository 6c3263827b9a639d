/**
 * Answers reviews of the caller's own rights. Must never differ from the decision about the request itself, so it makes
 * that decision.
 */
import type { Access } from '#lib/gateway/credential/access.ts'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import type { AccessQuestion, ResourceAttributes } from '#lib/gateway/request/parse-rights-review.ts'
import { parseTarget, type Target } from '#lib/gateway/target/parse-target.ts'
import { decide } from './decide.ts'
import type { AccessAttempt, AccessRules, Decision, ResourceAttempt } from './decision.ts'

type AsItself = Extract<Decision, { as: 'itself' }>

/** `ask`: the gateway would allow it, so the API server decides. */
export type QuestionDecision =
  | { ask: AccessQuestion }
  | { allowed: boolean; reason: string }
  /** It depends on which objects declare these spaces. */
  | { asked: ResourceAttempt; decision: AsItself }

const methodOf: Readonly<Record<string, string>> = {
  get: 'GET',
  head: 'HEAD',
  post: 'POST',
  put: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
}
const ofCollections: ReadonlySet<string> = new Set(['list', 'watch', 'create', 'deletecollection'])

/** @returns the request in question; undefined: there is no such request */
function askedOf(question: AccessQuestion, cluster: string, rules: AccessRules): AccessAttempt | undefined {
  if (question.resourceAttributes) return askedResource(question.resourceAttributes, cluster, rules)
  const { path, verb } = question.nonResourceAttributes
  const method = methodOf[verb]
  if (method === undefined || !path.startsWith('/')) return undefined
  try {
    const target: Target = parseTarget(method, `/clusters/${cluster}${path}`)
    return target.query === '' ? target : undefined
  } catch (error) {
    if (error instanceof GatewayRefusal) return undefined
    throw error
  }
}

/**
 * Clients send their current namespace even for cluster-scoped kinds. Such a request has no namespace in its path; a
 * request for a namespace by name is in that namespace.
 */
function askedResource(attributes: ResourceAttributes, cluster: string, rules: AccessRules): ResourceAttempt {
  const { verb, group, resource, subresource, name } = attributes
  const version = attributes.version === '' || attributes.version === '*' ? 'v1' : attributes.version
  const qualified = group === '' ? resource : `${resource}.${group}`
  let { namespace } = attributes
  if (qualified === 'namespaces') namespace = ofCollections.has(verb) ? '' : name || namespace
  else if (
    rules.clusterReadable.has(qualified) ||
    group === 'authorization.k8s.io' ||
    group === 'authentication.k8s.io'
  )
    namespace = ''
  const named = ofCollections.has(verb) && subresource === '' ? '' : name
  return { kind: 'resource', cluster, verb, group, version, namespace, resource, subresource, name: named }
}

/** @param now milliseconds since the epoch */
export function decideQuestion(
  question: AccessQuestion,
  cluster: string,
  access: Access,
  now: number,
  rules: AccessRules,
): QuestionDecision {
  const asked = askedOf(question, cluster, rules)
  if (!asked) return { allowed: false, reason: 'Spaceport does not support this request' }
  try {
    const decision = decide(asked, access, now, rules)
    if (decision.as === 'gateway') return { allowed: true, reason: '' }
    if (decision.as === 'itself' && asked.kind === 'resource') return { asked, decision }
  } catch (error) {
    if (error instanceof GatewayRefusal) return { allowed: false, reason: error.why ?? error.message }
    throw error
  }
  return { ask: render(asked, question) }
}

function render(asked: AccessAttempt, { resourceAttributes }: AccessQuestion): AccessQuestion {
  if (asked.kind === 'other') return { nonResourceAttributes: { path: asked.path, verb: asked.verb } }
  const { verb, group, version, namespace, resource, subresource, name } = asked
  return {
    resourceAttributes: {
      ...{ verb, group, version, namespace, resource, subresource, name },
      fieldSelector: resourceAttributes?.fieldSelector,
      labelSelector: resourceAttributes?.labelSelector,
    },
  }
}
