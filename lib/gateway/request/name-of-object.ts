import { z } from 'zod'
import { decodeObject } from './kube-proto.ts'
import type { AnswerFormat } from './watch-events.ts'

const schema = z.object({ metadata: z.object({ name: z.string().optional(), generateName: z.string().optional() }) })

/** @returns the names in an object's metadata; undefined if the bytes are not an object with metadata */
export function nameOfObject(format: AnswerFormat, bytes: Buffer): z.output<typeof schema>['metadata'] | undefined {
  try {
    const object = format === 'json' ? JSON.parse(bytes.toString('utf8')) : decodeObject('NamedObject', bytes)
    return schema.parse(object).metadata
  } catch {
    return undefined
  }
}
