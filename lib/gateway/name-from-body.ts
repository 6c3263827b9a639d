import { z } from 'zod'
import type { Target } from './parse-target.ts'

/** Larger objects are not worth the time: the name is for the trail only. */
const mostBytes = 256 * 1024
const openingBrace = 123
const schema = z.object({ metadata: z.object({ name: z.string().optional(), generateName: z.string().optional() }) })

/** @returns the name of the object that a request creates; undefined where the body does not say it in JSON */
export function nameFromBody(target: Target, body: Buffer): string | undefined {
  if (target.kind !== 'resource' || target.verb !== 'create' || target.name !== '') return undefined
  if (body.length > mostBytes || body[0] !== openingBrace) return undefined
  let object: unknown
  try {
    object = JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
  const { data } = schema.safeParse(object)
  if (data?.metadata.name) return data.metadata.name
  return data?.metadata.generateName && `${data.metadata.generateName}…`
}
