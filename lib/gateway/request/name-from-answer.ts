import type { Target } from '#lib/gateway/target/parse-target.ts'
import { nameOfObject } from './name-of-object.ts'
import { type AnswerFormat, formatOf } from './watch-events.ts'

/** Larger answers are not worth the memory: the name is only for the trail. */
const maxBytes = 256 * 1024

export type NameReader = {
  /** @param chunk is copied */
  onData(chunk: Buffer): void
  /** @returns the name that the API server gave the new object; undefined if unknown */
  name(): string | undefined
}

/** @returns a reader that follows the answer to a creation; undefined for any other */
export function createNameReader(target: Target, status: number, fields: readonly string[]): NameReader | undefined {
  if (target.kind !== 'resource' || target.verb !== 'create' || target.name !== '') return undefined
  const format: AnswerFormat | undefined = formatOf(fields)
  if (status < 200 || status > 202 || format === undefined) return undefined
  let chunks: Buffer[] = []
  let size = 0
  return {
    onData(chunk) {
      size += chunk.length
      if (size <= maxBytes) chunks.push(Buffer.from(chunk))
      else chunks = []
    },
    name: () => (size <= maxBytes ? nameOfObject(format, Buffer.concat(chunks))?.name || undefined : undefined),
  }
}
