import { noHash, type SealedBlock, type TrailPart, type TrailRow, type Waiting } from '#lib/domain/sealed-trail.ts'
import type { Checkpoint } from './checkpoint.ts'
import { type Finding, type FindingKind, nameRow, type RowNamed } from './finding.ts'
import { blockHash, rowHash } from './hashes.ts'
import { faultOfTimes } from './row-times.ts'

/** Rows that no block has claimed yet: those of transactions that were open when later rows were sealed. */
const maxUnclaimed = 50_000
/** Of a block whose rows don’t fit, so many are compared with each other’s places. */
const maxSwapped = 200
/** At the end of a part of the trail, younger rows may be in the next block. */
const openAtEndMs = 5 * 60_000
/** Without a record so far; of more it can't be said whether there is one. */
const maxPseudonyms = 100_000

export type VerifyOptions = {
  /** What comes before the first block, when that is known from elsewhere; otherwise a checkpoint may tell. */
  start?: { number: number; hash: string }
  /** Whose signatures were verified, in any order: from the database, or kept elsewhere. */
  checkpoints?: readonly Checkpoint[]
  /** The seqs of rows of which an event says that they were pseudonymised, as far as is known before the rows are read. */
  pseudonymised?: ReadonlySet<string>
  /** Whether the first block of the source need not be the first of the chain. */
  isPart?: boolean
}

export type VerifySummary = {
  blocks: number
  rows: number
  archivedBlocks: number
  first: number | null
  last: { number: number; hash: string; sealedAt: string } | null
  /** Rows in which a person was replaced by a pseudonym. */
  pseudonymised: number
  /** Rows that wait to be sealed. */
  waiting: number
  /** The last checkpoint that the chain agrees with. */
  checkpoint: Checkpoint | null
  checkpoints: number
  findings: number
}
export type VerifyEvent =
  | { kind: 'finding'; finding: Finding }
  | { kind: 'progress'; block: number; rows: number; at: string }
  | { kind: 'done'; summary: VerifySummary }

/** The action of events that say which rows were pseudonymised, before they are (docs/adr/0043-months-are-archived-and-people-get-pseudonyms.md). */
const pseudonymising = 'person.pseudonymise-rows'

/** @returns the seqs that an event names; it was sealed so, but perhaps by somebody who writes other things */
function seqsIn(detail: string): string[] {
  const value: unknown = JSON.parse(detail)
  if (typeof value !== 'object' || value === null || !('seqs' in value)) return []
  const { seqs } = value
  return Array.isArray(seqs) ? seqs.filter((seq) => typeof seq === 'string') : []
}

/**
 * Holds a trail against its chain, and the chain against checkpoints. Keeps a part of the trail and rows that no block
 * has claimed in memory, never more.
 * @param parts the trail, from the database, an archive or an export
 * @returns findings in the order in which they are found, progress after each part, and a summary at the end
 */
export async function* verifyChain(
  parts: AsyncIterable<TrailPart>,
  { start, checkpoints = [], pseudonymised = new Set(), isPart = false }: VerifyOptions = {},
): AsyncGenerator<VerifyEvent> {
  const ordered = [...checkpoints].sort((a, b) => a.block - b.block)
  const summary: VerifySummary = {
    blocks: 0,
    rows: 0,
    archivedBlocks: 0,
    first: null,
    last: null,
    pseudonymised: 0,
    waiting: 0,
    checkpoint: null,
    checkpoints: 0,
    findings: 0,
  }
  const unclaimed = new Map<string, TrailRow>()
  const recorded = new Set(pseudonymised)
  const replaced: { row: RowNamed; block: number }[] = []
  let unknown = 0
  const clock = { recorded: 0, sealed: 0 }
  let link = start ?? (isPart ? undefined : { number: 0, hash: noHash })
  /** Rows of the whole chain so far; unknown in a part of it, until a checkpoint says it. */
  let chainRows = start || isPart ? undefined : 0
  let highest = 0n
  let next = 0
  let found: Finding[] = []

  function say(kind: FindingKind, text: string, row: RowNamed | null, block: number | null): void {
    const before = ordered.find((checkpoint) => block !== null && checkpoint.block >= block)?.block ?? null
    found.push({ kind, text, row, block, after: summary.checkpoint?.block ?? null, before })
    summary.findings++
  }

  function holdAgainstCheckpoints(block: number, hash: string): void {
    for (; (ordered[next]?.block ?? Number.POSITIVE_INFINITY) <= block; next++) {
      const checkpoint = ordered[next]
      if (!checkpoint || checkpoint.block < block) continue
      if (checkpoint.hash !== hash)
        say(
          'checkpoint contradicted',
          `the checkpoint of ${checkpoint.at} says that block ${block} has the hash ${checkpoint.hash}, but it has ${hash}: the chain was computed again`,
          null,
          block,
        )
      else if (chainRows !== undefined && checkpoint.rows !== chainRows)
        say(
          'checkpoint contradicted',
          `the checkpoint of ${checkpoint.at} says that there were ${checkpoint.rows} rows up to block ${block}, but there are ${chainRows}`,
          null,
          block,
        )
      else {
        summary.checkpoint = checkpoint
        summary.checkpoints++
        chainRows ??= checkpoint.rows
      }
    }
  }

  /** @returns whether the block follows what came before */
  function follow(first: number, previous: string): void {
    if (link === undefined) {
      // A part: a checkpoint of the block before it may say what came before.
      while ((ordered[next]?.block ?? Number.POSITIVE_INFINITY) < first - 1) next++
      holdAgainstCheckpoints(first - 1, previous)
      return
    }
    if (first > link.number + 1) {
      const missing =
        first === link.number + 2 ? `block ${link.number + 1} is` : `blocks ${link.number + 1} to ${first - 1} are`
      say(link.number === 0 ? 'cut off' : 'dropped', `${missing} missing, with the rows in them`, null, first)
    } else if (first <= link.number) say('reordered', `block ${first} comes after block ${link.number}`, null, first)
    else if (previous !== link.hash)
      say(
        'broken link',
        `it names ${previous} as the hash of the block before, which has ${link.hash}: one of them was changed`,
        null,
        first,
      )
  }

  function verifyBlock(block: SealedBlock): void {
    summary.first ??= block.number
    follow(block.number, block.previous)
    if (blockHash(block) !== block.hash)
      say('broken link', 'the block was changed: its hash isn’t that of what is in it', null, block.number)
    const sealed = Date.parse(block.sealedAt)
    if (Number.isNaN(sealed) || sealed < clock.sealed - openAtEndMs)
      say(
        'forged time',
        `the block says that it was sealed at ${block.sealedAt}, before the block in front of it`,
        null,
        block.number,
      )
    if (block.seqs.length !== block.rows || block.rowHashes.length !== 64 * block.rows)
      say(
        'broken link',
        `the block says that it has ${block.rows} rows, and names ${block.seqs.length}`,
        null,
        block.number,
      )
    verifyRows(block)
    if (!Number.isNaN(sealed)) clock.sealed = Math.max(clock.sealed, sealed)
    if (chainRows !== undefined) chainRows += block.rows
    summary.blocks++
    link = { number: block.number, hash: block.hash }
    summary.last = { ...link, sealedAt: block.sealedAt }
    holdAgainstCheckpoints(block.number, block.hash)
  }

  function verifyRows(block: SealedBlock): void {
    const wrong: { row: TrailRow; hash: string }[] = []
    let before = -(2n ** 63n)
    const highestBefore = highest
    for (const [i, seq] of block.seqs.entries()) {
      const place = BigInt(seq)
      if (place <= before) say('reordered', 'the block’s rows are not in the order of seq', { seq }, block.number)
      before = place
      const row = unclaimed.get(seq)
      const hash = block.rowHashes.slice(i * 64, (i + 1) * 64)
      summary.rows++
      if (!row) {
        const when = hash === noHash ? 'before it was sealed' : 'since it was sealed'
        say('dropped', `the row was removed ${when} at ${block.sealedAt}, or is sealed twice`, { seq }, block.number)
        continue
      }
      unclaimed.delete(seq)
      if (rowHash(row) !== hash) wrong.push({ row, hash })
      else judge(row, block, place < highestBefore)
      if (place > highest) highest = place
    }
    for (const { row, hash } of wrong) nameWrong(row, hash, wrong, block)
  }

  /** A row whose hash is right may still say what can't be. */
  function judge(row: TrailRow, block: SealedBlock, late: boolean): void {
    const fault = faultOfTimes(row, block.sealedAt, late, clock)
    if (fault) say('forged time', fault, nameRow(row), block.number)
    else if (block.month > 0) clock.recorded = Math.max(clock.recorded, Date.parse(row.recordedAt))
    if (row.personalHash === null) {
      if (row.action === pseudonymising) for (const seq of seqsIn(row.detail)) recorded.add(seq)
      return
    }
    summary.pseudonymised++
    if (recorded.has(row.seq)) return
    if (replaced.length < maxPseudonyms) replaced.push({ row: nameRow(row), block: block.number })
    else unknown++
  }

  function nameWrong(
    row: TrailRow,
    hash: string,
    wrong: readonly { row: TrailRow; hash: string }[],
    block: SealedBlock,
  ): void {
    const others = wrong.length > maxSwapped ? [] : wrong
    const moved = others.find((other) => other.row !== row && rowHash({ ...row, seq: other.row.seq }) === other.hash)
    if (moved)
      say(
        'reordered',
        `the row was sealed as seq ${moved.row.seq}, and has another’s place`,
        nameRow(row),
        block.number,
      )
    else
      say(
        'edited',
        hash === noHash
          ? 'the row was added after its place was sealed as empty'
          : 'the row is not what was sealed: at least one of its columns was changed since',
        nameRow(row),
        block.number,
      )
  }

  /** Rows in no block: added past the trigger, or kept from being sealed. */
  function nameUnclaimed(waiting: ReadonlySet<string>, from: number): void {
    for (const row of unclaimed.values()) {
      if (waiting.has(row.seq) || Date.parse(row.recordedAt) >= from) continue
      say(
        'inserted',
        'the row is in no block, and does not wait for one: it was added past the chain',
        nameRow(row),
        null,
      )
    }
    for (const seq of waiting)
      if (!unclaimed.has(seq)) say('dropped', 'the row was removed before it was sealed', { seq }, null)
  }

  let waiting: Waiting | undefined
  for await (const part of parts) {
    for (const row of part.rows) unclaimed.set(row.seq, row)
    if (part.archived) {
      follow(part.archived.first, part.archived.previous)
      if (chainRows !== undefined) chainRows += part.archived.rows
      summary.archivedBlocks += part.archived.last - part.archived.first + 1
      link = { number: part.archived.last, hash: part.archived.hash }
      holdAgainstCheckpoints(part.archived.last, part.archived.hash)
    }
    for (const block of part.blocks) verifyBlock(block)
    waiting = part.waiting ?? waiting
    if (unclaimed.size > maxUnclaimed) {
      nameUnclaimed(new Set(part.waiting?.seqs), Number.POSITIVE_INFINITY)
      unclaimed.clear()
    }
    for (const finding of found) yield { kind: 'finding', finding }
    found = []
    if (summary.last)
      yield { kind: 'progress', block: summary.last.number, rows: summary.rows, at: summary.last.sealedAt }
  }

  if (waiting) {
    nameUnclaimed(new Set(waiting.seqs), Number.POSITIVE_INFINITY)
    const beyond = ordered.findLast((checkpoint) => checkpoint.block > (link?.number ?? 0))
    if (beyond)
      say(
        'cut off',
        `the chain ends at block ${link?.number ?? 0}, but the checkpoint of ${beyond.at} is of block ${beyond.block} with ${beyond.rows} rows up to it`,
        null,
        link?.number ?? 0,
      )
  } else nameUnclaimed(new Set(), clock.sealed - openAtEndMs)
  summary.waiting = waiting?.rows ?? 0
  for (const { row, block } of replaced)
    if (!recorded.has(row.seq))
      say('pseudonymised without record', 'what is personal in the row was replaced, and no event says so', row, block)
  if (unknown > 0)
    say('pseudonymised without record', `of ${unknown} more rows it can’t be said whether an event says so`, null, null)
  for (const finding of found) yield { kind: 'finding', finding }
  yield { kind: 'done', summary }
}
