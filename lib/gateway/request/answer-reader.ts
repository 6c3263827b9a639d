import type { ClusterRefusal } from '#lib/features/audit/model/cluster-refusal.ts'
import { needsIntent, returnsSecrets } from '#lib/gateway/exchange.ts'
import type { Target } from '#lib/gateway/target/parse-target.ts'
import { createNamesReader, objectFormatOf } from './names-reader.ts'
import type { ObjectNames } from './object-names.ts'
import { parseClusterRefusal } from './parse-cluster-refusal.ts'
import { formatOf } from './watch-events.ts'

/** Larger refusals are not read: the reason is only for the trail. */
const maxStatusBytes = 32 * 1024

/** Secrets that the answer to a change showed. Names are known even if the request has none. */
export type SecretsShown = Pick<ObjectNames, 'names' | 'count'>

export type AnswerFacts = {
  createdName?: string | undefined
  refusal?: ClusterRefusal | undefined
  secrets?: SecretsShown | undefined
}

export type AnswerReader = {
  /** @param chunk is copied */
  onData(chunk: Buffer): void
  learned(): AnswerFacts
}

const isCreation = (target: Target): boolean =>
  target.kind === 'resource' && target.verb === 'create' && target.name === ''

/** @returns whether the answer must be readable: the API server must not compress it, nor use CBOR */
export const hasNamesInAnswer = (target: Target): boolean => isCreation(target) || returnsSecrets(target)

/** @returns undefined for answers with nothing to read */
export function createAnswerReader(
  target: Target,
  status: number,
  fields: readonly string[],
): AnswerReader | undefined {
  if (status >= 400) return needsIntent(target) ? refusalReader(fields) : undefined
  if (status < 200 || status > 202) return undefined
  if (isCreation(target)) return creationReader(fields)
  // A newly applied object shows only what was sent.
  return returnsSecrets(target) && status !== 201 ? secretsReader(target, fields) : undefined
}

function refusalReader(fields: readonly string[]): AnswerReader | undefined {
  const format = formatOf(fields)
  if (format === undefined) return undefined
  let chunks: Buffer[] = []
  let size = 0
  return {
    onData(chunk) {
      size += chunk.length
      if (size <= maxStatusBytes) chunks.push(Buffer.from(chunk))
      else chunks = []
    },
    learned: () => (size <= maxStatusBytes ? { refusal: parseClusterRefusal(format, Buffer.concat(chunks)) } : {}),
  }
}

function creationReader(fields: readonly string[]): AnswerReader | undefined {
  const format = objectFormatOf(fields)
  if (format === undefined) return undefined
  const { onData, found } = createNamesReader(format)
  return {
    onData,
    learned() {
      const { name, names, count, cell, complete } = found()
      // A table may come without objects (includeObject=None).
      const inTable = count === 1 ? names[0] : count === 0 ? cell : undefined
      return { createdName: complete ? (name ?? inTable) : undefined }
    },
  }
}

/** Unreadable answers count as shown. Most deletions are answered with a Status, which shows nothing. */
function secretsReader({ method }: Target, fields: readonly string[]): AnswerReader {
  const format = objectFormatOf(fields)
  const reader = format && createNamesReader(format)
  return {
    onData: (chunk) => reader?.onData(chunk),
    learned() {
      const { kind, names, count } = reader?.found() ?? { kind: undefined, names: [], count: 0 }
      const shown = !(method === 'DELETE' && kind === 'Status') && !(kind?.endsWith('List') && count === 0)
      return shown ? { secrets: { names, count } } : {}
    },
  }
}
