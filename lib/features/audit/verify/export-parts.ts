/**
 * Reads a file of CloudEvents that Spaceport exported or delivered (docs/trail-export.md), for the verifier. The file
 * is untrusted input: only hashes and signatures count.
 */
import { z } from 'zod'
import { maxRowsOfBlock } from '#lib/features/audit/chain/archive-lines.ts'
import { type Checkpoint, parseStatement } from '#lib/features/audit/chain/checkpoint.ts'
import { rowHash } from '#lib/features/audit/chain/hashes.ts'
import { subjectOf } from '#lib/features/audit/export/cloud-events.ts'
import type { TrailPart, TrailRow } from '#lib/features/audit/model/sealed-trail.ts'

const text = z.string()
const maybe = z.string().nullable()
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const number = z.int().nonnegative()

const rowEvent = z.object({
  id: text,
  type: z.string().startsWith('dev.spaceport.audit.'),
  time: text,
  subject: text,
  actor: text.optional(),
  sourceaddress: text.optional(),
  outcome: text.optional(),
  route: text.optional(),
  observer: text,
  recordedat: text,
  chainseq: z.string().regex(/^-?\d{1,19}$/),
  chainblock: text,
  chainhash: hash,
  chainsalt: text.optional(),
  chainpersonal: hash.optional(),
  data: z.object({
    what: z.object({ action: text, intentId: maybe }),
    when: text,
    who: z.object({ kind: text, id: maybe, handle: maybe, name: maybe }),
    onWhat: z.object({ kind: text, id: maybe, name: maybe, spaceId: maybe, namespace: maybe }),
    whereObserved: text,
    fromWhere: z.object({ address: maybe, userAgent: maybe }),
    whereGoing: text,
    howItEnded: z.object({ outcome: maybe, reason: maybe }),
    detail: z.unknown(),
    detailText: text.optional(),
    requestId: maybe,
    clusterAuditId: maybe,
  }),
})
type RowEvent = z.infer<typeof rowEvent>

const blockEvent = z.object({
  type: z.literal('dev.spaceport.trail.block'),
  data: z.object({ number, month: number, previous: hash, hash, sealedAt: text, rows: number }),
})
const checkpointEvent = z.object({
  type: z.literal('dev.spaceport.trail.checkpoint'),
  data: z.object({ statement: text, signature: text }),
})
const exportEvent = z.object({
  type: z.literal('dev.spaceport.trail.export'),
  data: z.object({
    part: z.enum(['begin', 'end', 'cut']),
    filter: z.record(text, z.unknown()),
    events: number.optional(),
    lastBlock: number.optional(),
  }),
})
const anyEvent = z.union([rowEvent, blockEvent, checkpointEvent, exportEvent])

/** What a file claims about itself, and the problems with the file apart from its rows. */
export type ExportAccount = {
  begin: z.infer<typeof exportEvent>['data'] | null
  end: z.infer<typeof exportEvent>['data'] | null
  /** Without the events about the file. */
  events: number
  repeated: number
  firstBlock: number | null
  lastBlock: number | null
  rows: number
  /** Whether rows come without their blocks: the file is a selection. */
  isSelection: boolean
  faults: string[]
}

const maxFaults = 1_000
/** A delivery repeats at most a batch or two. */
const maxRemembered = 20_000

/** @returns the values that the row’s hash covers */
function rowOf({ data, ...event }: RowEvent): TrailRow {
  return {
    seq: event.chainseq,
    id: event.id,
    intentId: data.what.intentId,
    recordedAt: event.recordedat,
    action: data.what.action,
    at: data.when,
    actorKind: data.who.kind,
    actorId: data.who.id,
    targetKind: data.onWhat.kind,
    targetId: data.onWhat.id,
    spaceId: data.onWhat.spaceId,
    namespace: data.onWhat.namespace,
    observer: data.whereObserved,
    destination: data.whereGoing,
    outcome: data.howItEnded.outcome,
    reason: data.howItEnded.reason,
    requestId: data.requestId,
    clusterAuditId: data.clusterAuditId,
    route: event.route ?? null,
    actorHandle: data.who.handle,
    actorName: data.who.name,
    targetName: data.onWhat.name,
    sourceAddress: data.fromWhere.address,
    userAgent: data.fromWhere.userAgent,
    detail: data.detailText ?? '{}',
    salt: event.chainsalt ?? null,
    personalHash: event.chainpersonal ?? null,
  }
}

/** @returns the displayed field that differs from its hashed counterpart; null if none does */
function contradiction({ data, ...event }: RowEvent): string | null {
  const pairs: readonly [string, unknown, unknown][] = [
    ['type', event.type, `dev.spaceport.audit.${data.what.action}`],
    ['time', event.time, data.when],
    ['outcome', event.outcome ?? null, data.howItEnded.outcome],
    ['observer', event.observer, data.whereObserved],
    ['actor', event.actor ?? null, data.who.handle ?? data.who.name],
    ['sourceaddress', event.sourceaddress ?? null, data.fromWhere.address],
    [
      'subject',
      event.subject,
      subjectOf({ targetKind: data.onWhat.kind, targetId: data.onWhat.id, targetName: data.onWhat.name }),
    ],
    ['detail', JSON.stringify(data.detail), JSON.stringify(JSON.parse(data.detailText ?? '{}'))],
  ]
  const found = pairs.find(([, shown, hashed]) => shown !== hashed)
  return found ? found[0] : null
}

/** @returns an empty account, for exportParts to fill */
export const newAccount = (): ExportAccount => ({
  begin: null,
  end: null,
  events: 0,
  repeated: 0,
  firstBlock: null,
  lastBlock: null,
  rows: 0,
  isSelection: false,
  faults: [],
})

/**
 * @param lines of the file, without their line feeds
 * @param account is filled while the parts are read
 * @returns the blocks of the file with their rows, for verifyChain. Rows without the head of their block are verified
 * only against their own hash.
 */
export async function* exportParts(lines: AsyncIterable<string>, account: ExportAccount): AsyncGenerator<TrailPart> {
  const seen = new Set<string>()
  let line = 0
  let open: { head: z.infer<typeof blockEvent>['data']; rows: TrailRow[]; seqs: string[]; hashes: string[] } | null =
    null
  const fault = (what: string) => {
    if (account.faults.length < maxFaults) account.faults.push(`line ${line}: ${what}`)
  }
  const isRepeated = (of: string): boolean => {
    if (seen.has(of)) return true
    seen.add(of)
    if (seen.size > maxRemembered) for (const oldest of seen) if (seen.delete(oldest)) break
    return false
  }
  function* close(): Generator<TrailPart> {
    if (!open) return
    const { head, rows, seqs, hashes } = open
    yield { blocks: [{ ...head, seqs, rowHashes: hashes.join('') }], rows }
    open = null
  }

  for await (const json of lines) {
    line++
    if (json === '') continue
    const parsed = anyEvent.safeParse(parseJson(json))
    if (!parsed.success) {
      fault('it is not an event of the trail')
      continue
    }
    const event = parsed.data
    if (!('chainseq' in event) && event.type === 'dev.spaceport.trail.export') {
      if (event.data.part === 'begin') account.begin = event.data
      else account.end = event.data
      continue
    }
    if (isRepeated(json)) {
      account.repeated++
      continue
    }
    account.events++
    if ('chainseq' in event) {
      account.rows++
      const shown = contradiction(event)
      if (shown) fault(`row ${event.id}: its ${shown} isn’t what was sealed`)
      const row = rowOf(event)
      if (open && String(open.head.number) === event.chainblock) {
        if (open.rows.length === maxRowsOfBlock)
          throw new Error(`line ${line}: a block has more than ${maxRowsOfBlock} rows`)
        open.rows.push(row)
        open.seqs.push(event.chainseq)
        open.hashes.push(event.chainhash)
      } else {
        account.isSelection = true
        if (rowHash(row) !== event.chainhash) fault(`row ${event.id}: it was edited: its hash differs`)
      }
    } else if (event.type === 'dev.spaceport.trail.block') {
      yield* close()
      open = { head: event.data, rows: [], seqs: [], hashes: [] }
      account.firstBlock ??= event.data.number
      account.lastBlock = event.data.number
    }
  }
  yield* close()
}

/** @returns the checkpoints in a file, with unverified signatures */
export async function exportCheckpoints(lines: AsyncIterable<string>): Promise<Checkpoint[]> {
  const found = new Map<string, Checkpoint>()
  for await (const json of lines) {
    if (!json.includes('dev.spaceport.trail.checkpoint')) continue
    const parsed = checkpointEvent.safeParse(parseJson(json))
    const claim = parsed.success && parseStatement(parsed.data.data.statement)
    if (parsed.success && claim) found.set(parsed.data.data.signature, { ...claim, ...parsed.data.data })
  }
  return [...found.values()]
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}
