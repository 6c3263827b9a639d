import type { BlockHead, ChainRow, CheckpointRow } from '#lib/features/audit/model/chain-row.ts'
import type { CloudEvent } from '#lib/features/audit/model/cloud-event.ts'

/**
 * The attributes that all events have.
 * @param source the trail’s address
 */
const envelope = (source: string, type: string, id: string, time: string, subject: string) =>
  ({
    specversion: '1.0',
    id,
    source,
    type,
    subject,
    time,
    datacontenttype: 'application/json',
  }) as const

/**
 * CloudEvents’ extension `sequence`: a text that sorts in the order of the chain. A block’s head comes before its rows.
 */
const sequenceOf = (block: number, place: number): string =>
  `${String(block).padStart(12, '0')}.${String(place).padStart(4, '0')}`

const set = <T>(value: T | null): T | undefined => value ?? undefined

/**
 * @param row of the trail, with its place in the chain
 * @returns the row as an event. Its data answers the seven questions and has the outcome. Together with its attributes,
 * it has everything that the row’s hash covers (docs/trail-export.md).
 */
export const eventOfRow = (row: ChainRow, source: string): CloudEvent => ({
  ...envelope(source, `dev.spaceport.audit.${row.action}`, row.id, row.at, subjectOf(row)),
  sequence: sequenceOf(row.block, row.index + 1),
  outcome: set(row.outcome),
  route: set(row.route),
  observer: row.observer,
  actor: set(row.actorHandle ?? row.actorName),
  sourceaddress: set(row.sourceAddress),
  recordedat: row.recordedAt,
  chainseq: row.seq,
  chainblock: String(row.block),
  chainindex: row.index,
  chainhash: row.rowHash,
  chainsalt: set(row.salt),
  chainpersonal: set(row.personalHash),
  data: {
    what: { action: row.action, part: partOf(row), intentId: row.intentId },
    when: row.at,
    who: { kind: row.actorKind, id: row.actorId, handle: row.actorHandle, name: row.actorName },
    onWhat: {
      kind: row.targetKind,
      id: row.targetId,
      name: row.targetName,
      spaceId: row.spaceId,
      namespace: row.namespace,
    },
    whereObserved: row.observer,
    fromWhere: { address: row.sourceAddress, userAgent: row.userAgent },
    whereGoing: row.destination,
    howItEnded: { outcome: row.outcome, reason: row.reason },
    detail: JSON.parse(row.detail),
    ...(row.detail !== '{}' && { detailText: row.detail }),
    requestId: row.requestId,
    clusterAuditId: row.clusterAuditId,
  },
})

/** An action is one row, or an intent and its outcome. */
const partOf = ({ intentId, outcome }: ChainRow): string =>
  intentId !== null ? 'outcome' : outcome === null ? 'intent' : 'whole'

/** Uses an id that pseudonymisation keeps, if there is one. */
export const subjectOf = ({
  targetKind,
  targetId,
  targetName,
}: Pick<ChainRow, 'targetKind' | 'targetId' | 'targetName'>): string =>
  [targetKind, targetId ?? targetName].filter((part) => part !== null && part !== '').join('/')

/**
 * @param rows the block's content, if not all of its rows follow as events
 * @returns the head of a block as an event
 */
export const eventOfBlock = (
  block: BlockHead,
  source: string,
  rows?: { seqs: readonly string[]; hashes: readonly string[] },
): CloudEvent => ({
  ...envelope(source, 'dev.spaceport.trail.block', `block-${block.number}`, block.sealedAt, `block/${block.number}`),
  sequence: sequenceOf(block.number, 0),
  data: { ...block, ...(rows && { seqs: rows.seqs, rowHashes: rows.hashes }) },
})

/** @returns a signed checkpoint as an event. Stored elsewhere, it proves the state of the chain. */
export const eventOfCheckpoint = (checkpoint: CheckpointRow, source: string): CloudEvent => ({
  ...envelope(
    source,
    'dev.spaceport.trail.checkpoint',
    `checkpoint-${checkpoint.block}-${checkpoint.keyId}`,
    checkpoint.madeAt,
    `block/${checkpoint.block}`,
  ),
  sequence: sequenceOf(checkpoint.block, 9_999),
  data: checkpoint,
})

type ExportMark = {
  id: string
  /** The requested filter; empty: the whole chain. */
  filter: Readonly<Record<string, unknown>>
  at: Date
  /** `cut`: the trail has more than fits into the file. */
  part: 'begin' | 'end' | 'cut'
  [more: string]: unknown
}

/** @returns a line about the export itself: its start or end, without which it is incomplete */
export const exportEvent = ({ id, at, ...data }: ExportMark, source: string): CloudEvent => ({
  ...envelope(source, 'dev.spaceport.trail.export', `export-${id}-${data.part}`, at.toISOString(), `export/${id}`),
  data,
})
