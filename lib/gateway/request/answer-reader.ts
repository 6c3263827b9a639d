import type { ClusterRefusal } from '#lib/domain/cluster-refusal.ts'
import { needsIntent } from '#lib/gateway/exchange.ts'
import type { Target } from '#lib/gateway/target/parse-target.ts'
import { nameOfObject } from './name-of-object.ts'
import { parseClusterRefusal } from './parse-cluster-refusal.ts'
import { formatOf } from './watch-events.ts'

/** Larger answers are not worth the memory: what is read is only for the trail. */
const maxObjectBytes = 256 * 1024
const maxStatusBytes = 32 * 1024

/** What an answer tells the trail about a change. */
export type Learned = {
  /** The name that the API server gave the new object. */
  createdName?: string | undefined
  refusal?: ClusterRefusal | undefined
}

export type AnswerReader = {
  /** @param chunk is copied */
  onData(chunk: Buffer): void
  learned(): Learned
}

/** @returns a reader that follows the answer to a creation, or a refused change; undefined for any other */
export function createAnswerReader(
  target: Target,
  status: number,
  fields: readonly string[],
): AnswerReader | undefined {
  const names = status <= 202 && target.kind === 'resource' && target.verb === 'create' && target.name === ''
  const refuses = status >= 400 && needsIntent(target)
  if (status < 200 || !(names || refuses)) return undefined
  const format = formatOf(fields)
  if (format === undefined) return undefined
  const read = (bytes: Buffer): Learned =>
    refuses
      ? { refusal: parseClusterRefusal(format, bytes) }
      : { createdName: nameOfObject(format, bytes)?.name || undefined }
  return readerOf(refuses ? maxStatusBytes : maxObjectBytes, read)
}

function readerOf(maxBytes: number, read: (bytes: Buffer) => Learned): AnswerReader {
  let chunks: Buffer[] = []
  let size = 0
  return {
    onData(chunk) {
      size += chunk.length
      if (size <= maxBytes) chunks.push(Buffer.from(chunk))
      else chunks = []
    },
    learned: () => (size <= maxBytes ? read(Buffer.concat(chunks)) : {}),
  }
}
