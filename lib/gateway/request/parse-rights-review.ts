/**
 * Parses a review of the caller's own rights, in either encoding that clients send. Only the parsed fields go upstream,
 * rendered again, so the API server cannot read them differently.
 */
import { z } from 'zod'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { protobufType } from './answer-encoding.ts'
import { decodeObject } from './kube-proto.ts'

export type RightsReview = 'SelfSubjectAccessReview' | 'SelfSubjectRulesReview'

/** Reviews are short; parsing a long one would delay everyone. */
const maxBytes = 16 * 1024

/** To Go, a missing value, null and the empty string are the same. */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '')
const requirement = z.object({ key: text, operator: text, values: z.array(z.string()).nullish() })
const selector = z
  .object({ rawSelector: z.string().nullish(), requirements: z.array(requirement).nullish() })
  .nullish()
  .transform((value) => value ?? undefined)
const resourceAttributes = z.object({
  namespace: text,
  verb: text,
  group: text,
  version: text,
  resource: text,
  subresource: text,
  name: text,
  fieldSelector: selector,
  labelSelector: selector,
})
const nonResourceAttributes = z.object({ path: text, verb: text })

const access = z.union([
  z.object({ resourceAttributes, nonResourceAttributes: z.null().optional() }),
  z.object({ resourceAttributes: z.null().optional(), nonResourceAttributes }),
])
const rules = z.object({ namespace: text })

export type ResourceAttributes = z.output<typeof resourceAttributes>
export type AccessQuestion = z.output<typeof access>
export type RulesQuestion = z.output<typeof rules>

/**
 * @param contentType the request's Content-Type field
 * @throws GatewayRefusal bad_body, unsupported_media_type
 */
function parseSpec<T>(kind: RightsReview, spec: z.ZodType<T>, contentType: string | undefined, body: Buffer): T {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (type !== '' && type !== 'application/json' && type !== protobufType)
    throw new GatewayRefusal('unsupported_media_type', 415, `send a ${kind} as application/json or ${protobufType}`)
  if (body.length > maxBytes)
    throw new GatewayRefusal('body_too_large', 413, `the body of a ${kind} can have at most ${maxBytes} bytes`)
  try {
    const object = type === protobufType ? decodeObject(kind, body) : JSON.parse(body.toString('utf8'))
    return z.object({ spec }).parse(object).spec
  } catch (error) {
    throw new GatewayRefusal('bad_body', 400, `the body is not a valid ${kind}`, undefined, firstIssue(error))
  }
}

/** A ZodError lists every issue, and a client can cause any number of them. */
const firstIssue = (error: unknown) =>
  error instanceof z.ZodError ? `${error.issues[0]?.path.join('.')}: ${error.issues[0]?.code}` : error

export const parseAccessReview = (contentType: string | undefined, body: Buffer): AccessQuestion =>
  parseSpec('SelfSubjectAccessReview', access, contentType, body)

export const parseRulesReview = (contentType: string | undefined, body: Buffer): RulesQuestion =>
  parseSpec('SelfSubjectRulesReview', rules, contentType, body)
