/**
 * Answers `kubectl auth can-i` and the like: SelfSubjectAccessReview and SelfSubjectRulesReview. Must never differ from
 * the answer to the request in question, so it reveals nothing outside the credential's binding. The gateway renders
 * the question for the API server; it never passes one on.
 */
import type { JsonValue } from '@bufbuild/protobuf'
import { z } from 'zod'
import type { AdmittedRequest } from '#lib/gateway/admit.ts'
import type { ClientResponse } from '#lib/gateway/connection/client-response.ts'
import { decideQuestion } from '#lib/gateway/decision/decide-question.ts'
import type { Gateway } from '#lib/gateway/gateway.ts'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { findReadableObjects, noSpaceObject, placesOf } from '#lib/gateway/space-objects/readable-objects.ts'
import type { Target } from '#lib/gateway/target/parse-target.ts'
import { askAsPerson } from '#lib/gateway/upstream/ask-as-person.ts'
import { answerEncoding, protobufType } from './answer-encoding.ts'
import { encodeObject } from './kube-proto.ts'
import { type AccessQuestion, parseAccessReview, parseRulesReview, type RightsReview } from './parse-rights-review.ts'
import { ownRulesSchema, renderOwnRules } from './render-own-rules.ts'

const apiVersion = 'authorization.k8s.io/v1'
const kinds: ReadonlyMap<string, RightsReview> = new Map([
  ['selfsubjectaccessreviews', 'SelfSubjectAccessReview'],
  ['selfsubjectrulesreviews', 'SelfSubjectRulesReview'],
])

export const rightsReviewOf = (target: Target): RightsReview | undefined =>
  target.kind === 'resource' && target.group === 'authorization.k8s.io' && target.namespace === ''
    ? kinds.get(target.resource)
    : undefined

/**
 * @returns the status code
 * @throws GatewayRefusal
 */
export async function answerRightsReview(
  gateway: Gateway,
  admitted: AdmittedRequest,
  response: ClientResponse,
  kind: RightsReview,
  body: Buffer | null,
): Promise<number> {
  const { forward } = admitted.headers
  const type = answerEncoding(findHeader(forward, 'Accept'))
  const given = body ?? Buffer.alloc(0)
  const contentType = findHeader(forward, 'Content-Type')
  const answer =
    kind === 'SelfSubjectAccessReview'
      ? await reviewAccess(gateway, admitted, parseAccessReview(contentType, given))
      : await reviewRules(gateway, admitted, parseRulesReview(contentType, given).namespace)
  const object = { kind, apiVersion, metadata: {}, ...answer }
  const written = type === protobufType ? encodeObject(object) : Buffer.from(`${JSON.stringify(object)}\n`)
  response.writeHead(201, {
    'Content-Type': type,
    'Content-Length': written.length,
    'Cache-Control': 'no-cache, private',
    'X-Request-Id': admitted.exchange.id,
  })
  response.end(written)
  return 201
}

type Answer = { spec: JsonValue; status: JsonValue }

const statusSchema = z.object({
  status: z.object({
    allowed: z.boolean(),
    denied: z.boolean().optional(),
    reason: z.string().optional(),
    evaluationError: z.string().optional(),
  }),
})

async function reviewAccess(gateway: Gateway, admitted: AdmittedRequest, question: AccessQuestion): Promise<Answer> {
  const { target, access } = admitted
  const spec = plain(question)
  const decided = decideQuestion(question, target.cluster, access, gateway.clock(), gateway)
  if ('asked' in decided) {
    const readable = await findReadableObjects(gateway, access, target.cluster, decided.decision)
    const allowed = placesOf(readable, decided.asked) !== null
    return { spec, status: { allowed, reason: allowed ? '' : noSpaceObject(gateway.portalUrl) } }
  }
  if (!('ask' in decided)) return { spec, status: decided }
  const review = { kind: 'SelfSubjectAccessReview', apiVersion, spec: decided.ask }
  const { status } = await askAsPerson(admitted, '/selfsubjectaccessreviews', review, statusSchema)
  return { spec, status: plain(status) }
}

async function reviewRules(gateway: Gateway, admitted: AdmittedRequest, namespace: string): Promise<Answer> {
  if (namespace === '') throw new GatewayRefusal('bad_body', 400, 'no namespace on request')
  const { target, access } = admitted
  const review = { kind: 'SelfSubjectRulesReview', apiVersion, spec: { namespace } }
  const schema = z.object({ status: ownRulesSchema })
  const { status } = await askAsPerson(admitted, '/selfsubjectrulesreviews', review, schema)
  const own = renderOwnRules(namespace, status, target.cluster, access, gateway.clock(), gateway)
  return { spec: {}, status: plain(own) }
}

/** Drops undefined fields. */
const plain = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value))

/** @param headers alternating names and values */
function findHeader(headers: readonly string[], name: string): string | undefined {
  for (let at = 0; at + 1 < headers.length; at += 2) if (headers[at] === name) return headers[at + 1]
  return undefined
}
