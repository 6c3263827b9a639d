import { z } from 'zod'
import { decodeObject } from './kube-proto.ts'
import type { AnswerFormat } from './watch-events.ts'

const schema = z.object({ metadata: z.object({ name: z.string().optional(), generateName: z.string().optional() }) })

/** @returns the names that an object carries; undefined where the bytes are none that carries any */
export function nameOfObject(format: AnswerFormat, bytes: Buffer): z.output<typeof schema>['metadata'] | undefined {
  try {
    const object = format === 'json' ? JSON.parse(bytes.toString('utf8')) : decodeObject('NamedObject', bytes)
    return schema.parse(object).metadata
  } catch {
    return undefined
  }
}
