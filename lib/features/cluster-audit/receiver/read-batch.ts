import { type ClusterEvent, readClusterEvent } from './cluster-event.ts'

/** More than any API server sends at once (`--audit-webhook-batch-max-size`, 400 by default). */
const maxEvents = 10_000

/** Why a body is not a batch. */
export type BadBatch = 'malformed' | 'other_kind' | 'too_many'

/** How API servers start a batch, and each event after the first (k8s.io/apiserver, pkg/apis/audit/v1). */
const beginning = '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":['
const between = '},{"level":'
const ending = /\]\}[ \t\r\n]*$/

/**
 * @param use gets the items of a body in order: an event, or null for an invalid item. May be called twice; the result
 * of a call that fails is discarded
 * @returns the result of `use`, or why the body is not a batch
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
 * Parses items one by one, so that most are garbage before the next: a body is half a megabyte, several as objects, and
 * collecting that at once costs more than parsing it. Cutting a list at commas into valid JSON texts is safe: joined,
 * they are the list again, and JSON has only one interpretation.
 * @throws SyntaxError the body is not formatted like an API server's, or was cut in a wrong place
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
