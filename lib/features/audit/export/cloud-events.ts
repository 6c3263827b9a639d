import type { CloudEvent } from '#lib/features/audit/model/cloud-event.ts'
import type { BlockHead, CheckpointRow, PlacedRow } from '#lib/features/audit/model/placed-row.ts'

/** What every event has. @param source the trail’s address */
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

/** CloudEvents’ extension `sequence`: text that sorts as the chain does. A block’s head comes before its rows. */
const sequenceOf = (block: number, place: number): string =>
  `${String(block).padStart(12, '0')}.${String(place).padStart(4, '0')}`

const set = <T>(value: T | null): T | undefined => value ?? undefined

/**
 * @param row of the trail, with its place in the chain
 * @returns the row as an event. Its data answers the seven questions and how it ended; with its other attributes, it has
 *   everything that the row’s hash is computed from (docs/trail-export.md).
 */
export const eventOfRow = (row: PlacedRow, source: string): CloudEvent => ({
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

/** An action is one row, or its intent and its outcome. */
const partOf = ({ intentId, outcome }: PlacedRow): string =>
  intentId !== null ? 'outcome' : outcome === null ? 'intent' : 'whole'

/** By what stays when a person is pseudonymised, where there is any. */
export const subjectOf = ({
  targetKind,
  targetId,
  targetName,
}: Pick<PlacedRow, 'targetKind' | 'targetId' | 'targetName'>): string =>
  [targetKind, targetId ?? targetName].filter((part) => part !== null && part !== '').join('/')

/**
 * @param rows what the block is made of, where not all of its rows follow as events
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

/** @returns a signed checkpoint as an event: kept elsewhere, it proves what the chain was */
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
  /** What was asked for; empty: the whole chain. */
  filter: Readonly<Record<string, unknown>>
  at: Date
  /** `cut`: there is more than the file may have. */
  part: 'begin' | 'end' | 'cut'
  [more: string]: unknown
}

/** @returns a line of an export about itself: its beginning and its end, without which it is not whole */
export const exportEvent = ({ id, at, ...data }: ExportMark, source: string): CloudEvent => ({
  ...envelope(source, 'dev.spaceport.trail.export', `export-${id}-${data.part}`, at.toISOString(), `export/${id}`),
  data,
})
