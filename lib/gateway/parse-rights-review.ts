/**
 * Of which namespace a review of one's own rights asks, in either form that clients send. Must never disagree with the API
 * server: of JSON goes on what was read, and protobuf that says anything twice is refused.
 */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { z } from 'zod'
import { Refusal } from './refusal.ts'

export type RightsReview = 'SelfSubjectAccessReview' | 'SelfSubjectRulesReview'

const namespaced = z.looseObject({ namespace: z.string().optional() })
const schema = z.looseObject({
  spec: z.looseObject({ ...namespaced.shape, resourceAttributes: namespaced.optional() }),
})

/** What stands before protobuf (https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding). */
const magic = Buffer.from('k8s\0')
/** The numbers of the fields down to the namespace: Unknown.raw, then as k8s.io/api/authorization/v1/generated.proto has them. */
const fields: Record<RightsReview, readonly number[]> = {
  SelfSubjectAccessReview: [2, 2, 1, 1],
  SelfSubjectRulesReview: [2, 2, 1],
}

/**
 * @returns the namespace, '' for none; and the body to send upstream
 * @throws Refusal bad_body
 */
export function parseRightsReview(kind: RightsReview, body: Buffer): { namespace: string; sent: Buffer } {
  try {
    if (body.subarray(0, magic.length).equals(magic)) {
      let part: Uint8Array | undefined = body.subarray(magic.length)
      for (const field of fields[kind]) part = part && onlyField(part, field)
      return { namespace: Buffer.from(part ?? []).toString('utf8'), sent: body }
    }
    const review = schema.parse(JSON.parse(body.toString('utf8')))
    const { namespace } = (kind === 'SelfSubjectAccessReview' ? review.spec.resourceAttributes : review.spec) ?? {}
    return { namespace: namespace ?? '', sent: Buffer.from(JSON.stringify(review)) }
  } catch (error) {
    throw new Refusal('bad_body', 400, `the body is no ${kind} that can be read`, undefined, error)
  }
}

/** @returns the content of a field that may come once; undefined where it does not come */
function onlyField(message: Uint8Array, wanted: number): Uint8Array | undefined {
  const reader = new BinaryReader(message)
  let found: Uint8Array | undefined
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (field !== wanted) {
      reader.skip(type, field)
      continue
    }
    if (found || type !== WireType.LengthDelimited) throw new Error(`field ${field} comes twice, or is no message`)
    found = reader.bytes()
  }
  return found
}
