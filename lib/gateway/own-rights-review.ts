/**
 * `kubectl auth can-i` (SelfSubjectAccessReview, SelfSubjectRulesReview) with a credential that is bound to a space. Must
 * tell nothing of other namespaces: the credential reaches none of them, whatever its person may there, so that is the
 * answer.
 */
import type { ServerResponse } from 'node:http'
import type { Access } from './access.ts'
import { parseRightsReview, type RightsReview } from './parse-rights-review.ts'
import type { Target } from './parse-target.ts'

/** What goes upstream, which is what was looked at; or what is answered right away. */
type Judged = { ask: Buffer } | { answer: Buffer }

const reason = 'this credential is bound to another space'
const nothing = {
  SelfSubjectAccessReview: (namespace: string) => ({
    spec: { resourceAttributes: { namespace } },
    status: { allowed: false, reason },
  }),
  SelfSubjectRulesReview: (namespace: string) => ({
    spec: { namespace },
    status: { resourceRules: [], nonResourceRules: [], incomplete: true, evaluationError: reason },
  }),
} as const satisfies Record<RightsReview, unknown>
const kinds: ReadonlyMap<string, RightsReview> = new Map([
  ['selfsubjectaccessreviews', 'SelfSubjectAccessReview'],
  ['selfsubjectrulesreviews', 'SelfSubjectRulesReview'],
])

/**
 * @returns null for any other request, and for a credential that is bound to no space
 * @throws Refusal bad_body when it can't be told of which namespace the review asks
 */
export function judgeOwnRightsReview(target: Target, access: Access, body: Buffer): Judged | null {
  const { spaceId } = access.credential
  if (spaceId === null || target.kind !== 'resource' || target.group !== 'authorization.k8s.io') return null
  const kind = kinds.get(target.resource)
  if (!kind) return null
  const { namespace, sent } = parseRightsReview(kind, body)
  const within = namespace === '' || access.spaces.get(target.cluster)?.get(namespace)?.spaceId === spaceId
  if (within) return { ask: sent }
  const apiVersion = `${target.group}/${target.version}`
  return { answer: Buffer.from(JSON.stringify({ kind, apiVersion, metadata: {}, ...nothing[kind](namespace) })) }
}

/** @returns the status code */
export function answerReview(response: ServerResponse, requestId: string, answer: Buffer): number {
  response.writeHead(201, {
    'Content-Type': 'application/json',
    'Content-Length': answer.length,
    'Cache-Control': 'no-cache, private',
    'X-Request-Id': requestId,
  })
  response.end(answer)
  return 201
}
