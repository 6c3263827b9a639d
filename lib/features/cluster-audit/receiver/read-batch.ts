import { type ClusterEvent, readClusterEvent } from './cluster-event.ts'

/** More than any API server sends at once (`--audit-webhook-batch-max-size`, 400 unless the operator changes it). */
const maxEvents = 10_000

/** Why a body is not a batch. */
export type BadBatch = 'malformed' | 'other_kind' | 'too_many'

/** How API servers begin a batch, and each event after the first (k8s.io/apiserver, pkg/apis/audit/v1). */
const beginning = '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":['
const between = '},{"level":'
const ending = /\]\}[ \t\r\n]*$/

/**
 * @param use gets the items of a body in order, once: an event, or null for an item that is none. What it returned before it
 *   has got all of them is forgotten where an error is thrown
 * @returns what `use` returns, or why the body is not a batch
 */
export function readBatch<T>(body: Buffer, use: (events: Iterable<ClusterEvent | null>) => T): T | BadBatch {
  try {
    return use(readEvents(parseOneByOne(body)))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  const items = parseWhole(body)
  return typeof items === 'string' ? items : use(readEvents(items))
}

function* readEvents(items: Iterable<unknown>): Generator<ClusterEvent | null> {
  for (const item of items) yield readClusterEvent(item)
}

/**
 * Parses one item after the other, so that most are garbage before the next: a body is half a megabyte, as objects several,
 * and to collect so much at once costs more than to parse it. Cutting a list at some of its commas into texts that are JSON
 * each can’t go wrong: put together again they are the list, and JSON has only one reading.
 * @throws SyntaxError the body is not written as API servers write it, or was cut in a wrong place
 */
function* parseOneByOne(body: Buffer): Generator<unknown> {
  if (body.toString('latin1', 0, beginning.length) !== beginning) throw new SyntaxError('another beginning')
  const tail = ending.exec(body.toString('latin1', Math.max(0, body.length - 10)))
  if (!tail) throw new SyntaxError('another end')
  const end = body.length - tail[0].length
  let count = 0
  for (let at = beginning.length; at < end; ) {
    if (++count > maxEvents) throw new SyntaxError('too many items')
    const found = body.indexOf(between, at, 'latin1')
    const next = found < 0 ? end : found + 1
    yield JSON.parse(body.toString('utf8', at, next))
    at = next + 1
  }
}

function parseWhole(body: Buffer): unknown[] | BadBatch {
  let parsed: unknown
  try {
    parsed = JSON.parse(body.toString())
  } catch {
    return 'malformed'
  }
  if (typeof parsed !== 'object' || parsed === null) return 'malformed'
  const { kind, apiVersion, items }: { kind?: unknown; apiVersion?: unknown; items?: unknown } = parsed
  if (kind !== 'EventList' || apiVersion !== 'audit.k8s.io/v1') return 'other_kind'
  if (!Array.isArray(items)) return 'malformed'
  return items.length > maxEvents ? 'too_many' : items
}
