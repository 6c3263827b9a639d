/**
 * The lines of an archived month's file, which is untrusted input: each block followed by its rows, then the blocks'
 * checkpoints and the worker's public keys.
 */
import type { SealedBlock, TrailPart, TrailRow } from '#lib/features/audit/model/sealed-trail.ts'

/** `seal_trail` puts no more rows into a block (prisma/migrations). */
export const maxRowsOfBlock = 1_000

const rowKeys = [
  'seq',
  'id',
  'intentId',
  'recordedAt',
  'action',
  'at',
  'actorKind',
  'actorId',
  'targetKind',
  'targetId',
  'spaceId',
  'namespace',
  'observer',
  'destination',
  'outcome',
  'reason',
  'requestId',
  'clusterAuditId',
  'route',
  'actorHandle',
  'actorName',
  'targetName',
  'sourceAddress',
  'userAgent',
  'detail',
  'salt',
  'personalHash',
] as const satisfies readonly (keyof TrailRow)[]

export type ArchivedCheckpoint = { statement: string; signature: string }
export type ArchivedKey = { keyId: string; publicKey: string }
export type ArchiveLine =
  | { kind: 'block'; block: SealedBlock }
  | { kind: 'row'; row: TrailRow }
  | { kind: 'checkpoint'; checkpoint: ArchivedCheckpoint }
  | { kind: 'key'; key: ArchivedKey }

/** @returns a line without its line feed */
export function renderArchiveLine(line: ArchiveLine): string {
  switch (line.kind) {
    case 'block':
      return JSON.stringify({ kind: 'block', ...line.block })
    case 'row':
      return JSON.stringify({ kind: 'row', ...line.row })
    case 'checkpoint':
      return JSON.stringify({ kind: 'checkpoint', ...line.checkpoint })
    case 'key':
      return JSON.stringify({ kind: 'key', ...line.key })
  }
}

/** @throws Error when the line is invalid */
function parseArchiveLine(text: string): ArchiveLine {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) throw new Error('a line is not an object')
  const given = new Map<string, unknown>(Object.entries(value))
  const textOf = (key: string): string => {
    const found = given.get(key)
    if (typeof found !== 'string') throw new Error(`a line has no ${key}`)
    return found
  }
  const numberOf = (key: string): number => {
    const found = given.get(key)
    if (typeof found !== 'number' || !Number.isSafeInteger(found)) throw new Error(`a line has no ${key}`)
    return found
  }
  switch (given.get('kind')) {
    case 'row':
      return { kind: 'row', row: rowOf(given) }
    case 'block': {
      const seqs = given.get('seqs')
      if (!Array.isArray(seqs) || !seqs.every((seq) => typeof seq === 'string' && /^-?\d{1,19}$/.test(seq)))
        throw new Error('a block has no seqs')
      return {
        kind: 'block',
        block: {
          number: numberOf('number'),
          month: numberOf('month'),
          previous: textOf('previous'),
          hash: textOf('hash'),
          sealedAt: textOf('sealedAt'),
          rows: numberOf('rows'),
          seqs,
          rowHashes: textOf('rowHashes'),
        },
      }
    }
    case 'checkpoint':
      return { kind: 'checkpoint', checkpoint: { statement: textOf('statement'), signature: textOf('signature') } }
    case 'key':
      return { kind: 'key', key: { keyId: textOf('keyId'), publicKey: textOf('publicKey') } }
    default:
      throw new Error('a line has an unknown kind')
  }
}

function rowOf(given: ReadonlyMap<string, unknown>): TrailRow {
  const row: Partial<Record<keyof TrailRow, string | null>> = {}
  for (const key of rowKeys) {
    const value = given.get(key)
    if (value !== null && typeof value !== 'string') throw new Error(`a row has no ${key}`)
    row[key] = value
  }
  for (const key of [
    'seq',
    'id',
    'recordedAt',
    'action',
    'at',
    'actorKind',
    'targetKind',
    'observer',
    'destination',
    'detail',
  ] as const)
    if (row[key] === null) throw new Error(`a row has no ${key}`)
  return row as TrailRow
}

/**
 * Assembles lines into parts: a block with its rows at a time.
 * @param others receives checkpoints and keys
 */
export async function* partsOfLines(
  lines: AsyncIterable<string>,
  others: (line: ArchiveLine) => void = () => {},
): AsyncGenerator<TrailPart> {
  let block: SealedBlock | undefined
  let rows: TrailRow[] = []
  for await (const text of lines) {
    const line = parseArchiveLine(text)
    if (line.kind === 'row') {
      if (rows.length === maxRowsOfBlock) throw new Error(`a block has more than ${maxRowsOfBlock} rows`)
      rows.push(line.row)
    } else if (line.kind === 'block') {
      if (block || rows.length > 0) yield { blocks: block ? [block] : [], rows }
      block = line.block
      rows = []
    } else others(line)
  }
  if (block || rows.length > 0) yield { blocks: block ? [block] : [], rows }
}
