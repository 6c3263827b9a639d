/** The chain of blocks: each block has the hash of the previous one, and checkpoints record what was signed. */
import type { ArchivedBlocks, SealedBlock } from '#lib/features/audit/model/sealed-trail.ts'
import { nextMonth, type TrailMonth } from '#lib/kernel/model/audit/trail-month.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { ReportFinding } from './finding.ts'

export type Link = { number: number; hash: string }

type Options = {
  /** The link before the first block; undefined: unknown, in a part of the chain. */
  start: Link | undefined
  /** The number of rows up to there; undefined: unknown. */
  rows: number | undefined
  /** Ordered by block. */
  checkpoints: readonly Checkpoint[]
  report: ReportFinding
  reportMissing: (month: TrailMonth, why: string, block: number) => void
}

export function followLinks({ start, rows, checkpoints, report, reportMissing }: Options) {
  let link = start
  let month: TrailMonth = 0
  let chainRows = rows
  let next = 0
  let agreed: Checkpoint | null = null
  let agreeing = 0

  function holdAgainstCheckpoints(block: number, hash: string): void {
    for (; (checkpoints[next]?.block ?? Number.POSITIVE_INFINITY) <= block; next++) {
      const checkpoint = checkpoints[next]
      if (!checkpoint || checkpoint.block < block) continue
      if (checkpoint.hash !== hash)
        report(
          'checkpoint contradicted',
          `the checkpoint of ${checkpoint.at} has the hash ${checkpoint.hash} for block ${block}, but the block has ${hash}: the chain was recomputed`,
          null,
          block,
        )
      else if (chainRows !== undefined && checkpoint.rows !== chainRows)
        report(
          'checkpoint contradicted',
          `the checkpoint of ${checkpoint.at} counts ${checkpoint.rows} rows up to block ${block}, but there are ${chainRows}`,
          null,
          block,
        )
      else {
        agreed = checkpoint
        agreeing++
        chainRows ??= checkpoint.rows
      }
    }
  }

  function reportGap(from: Link, first: number, firstMonth: TrailMonth | undefined): void {
    const missing =
      first === from.number + 2 ? `block ${from.number + 1} is` : `blocks ${from.number + 1} to ${first - 1} are`
    report(from.number === 0 ? 'cut off' : 'dropped', `${missing} missing, with the rows in them`, null, first)
    for (const gone of monthsBetween(month, firstMonth ?? 0))
      reportMissing(gone, 'the chain continues after it, without its blocks and rows', first)
  }

  function follow(first: number, previous: string, firstMonth: TrailMonth | undefined): void {
    if (link === undefined) {
      // In a part, a checkpoint of the block before it may have the start.
      while ((checkpoints[next]?.block ?? Number.POSITIVE_INFINITY) < first - 1) next++
      holdAgainstCheckpoints(first - 1, previous)
    } else if (first > link.number + 1) reportGap(link, first, firstMonth)
    else if (first <= link.number) report('reordered', `block ${first} comes after block ${link.number}`, null, first)
    else if (previous !== link.hash)
      report(
        'broken link',
        `it has the previous hash ${previous}, but the block before it has ${link.hash}: one of them was changed`,
        null,
        first,
      )
  }

  function append(last: Link, added: number, lastMonth: TrailMonth | undefined): void {
    if (chainRows !== undefined) chainRows += added
    link = last
    month = lastMonth ?? month
    holdAgainstCheckpoints(last.number, last.hash)
  }

  return {
    follow: (block: Pick<SealedBlock, 'number' | 'previous' | 'month'>) =>
      follow(block.number, block.previous, block.month),
    append: ({ number, hash, rows: added, month: its }: SealedBlock) => append({ number, hash }, added, its),
    passArchived({ first, last, previous, hash, rows: added, month: its }: ArchivedBlocks): void {
      follow(first, previous, its)
      append({ number: last, hash }, added, its)
    },
    /** @param isEnd whether the source reaches the end of the chain */
    end(isEnd: boolean): void {
      const last = link?.number ?? 0
      const beyond = checkpoints.findLast((checkpoint) => checkpoint.block > last)
      if (!isEnd || !beyond) return
      report(
        'cut off',
        `the chain ends at block ${last}, but the checkpoint of ${beyond.at} is of block ${beyond.block} with ${beyond.rows} rows up to it`,
        null,
        last,
      )
    },
    /** The last checkpoint that the chain agrees with, and the number of those. */
    agreed: () => ({ checkpoint: agreed, checkpoints: agreeing }),
  }
}

/** @returns the months between two others; empty if one of them is unknown */
function monthsBetween(before: TrailMonth, after: TrailMonth): TrailMonth[] {
  const months: TrailMonth[] = []
  if (before === 0) return months
  for (let month = nextMonth(before); month < after; month = nextMonth(month)) months.push(month)
  return months
}
