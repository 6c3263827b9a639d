/** Archived months. Must never accept a month without a sealed row that records its archiving. */
import { type ArchivedBlocks, archiveAction, type TrailRow } from '#lib/features/audit/model/sealed-trail.ts'
import { parseTrailMonth, type TrailMonth } from '#lib/kernel/model/audit/trail-month.ts'
import type { NoteKind } from './finding.ts'

export type ArchiveRecord = { rows: number; firstBlock: number; lastBlock: number; head: string; sha256: string }

export function followArchives() {
  const runs = new Map<TrailMonth, ArchivedBlocks[]>()
  const records = new Map<TrailMonth, ArchiveRecord[]>()

  const isRecorded = (month: TrailMonth, its: readonly ArchivedBlocks[]): boolean => {
    const first = its[0]?.first
    const last = its.at(-1)
    const rows = its.reduce((sum, run) => sum + run.rows, 0)
    return (records.get(month) ?? []).some(
      (said) =>
        said.firstBlock === first && said.lastBlock === last?.last && said.head === last.hash && said.rows === rows,
    )
  }

  return {
    noteRuns(run: ArchivedBlocks): void {
      if (run.month === undefined) return
      const its = runs.get(run.month) ?? []
      runs.set(run.month, its)
      its.push(run)
    },
    noteRecord(row: TrailRow): void {
      const month = parseTrailMonth(row.targetName ?? '')
      const record = recordIn(row.detail)
      if (row.action !== archiveAction || row.intentId !== null || row.outcome !== 'ok' || month === null || !record)
        return
      records.set(month, [...(records.get(month) ?? []), record])
    },
    /** The sealed records of archived months. */
    records: (): ReadonlyMap<TrailMonth, readonly ArchiveRecord[]> => records,
    end(
      sayMissing: (month: TrailMonth, why: string, block: number) => void,
      note: (kind: NoteKind, seq: string) => void,
    ): void {
      // Newest first: its record is in the database, while that of an older month may be in an archive.
      let isCovered = false
      for (const [month, its] of [...runs].sort(([a], [b]) => b - a)) {
        its.sort((a, b) => a.first - b.first)
        const [first] = its
        const last = its.at(-1)
        if (!first || !last) continue
        if (isRecorded(month, its)) isCovered = true
        else if (isCovered) note('archive not checked', String(first.first))
        else
          sayMissing(
            month,
            `blocks ${first.first} to ${last.last} are gone, and no sealed row records that they were archived`,
            first.first,
          )
      }
    },
  }
}

function recordIn(detail: string): ArchiveRecord | null {
  const value: unknown = JSON.parse(detail)
  if (typeof value !== 'object' || value === null) return null
  const { rows, firstBlock, lastBlock, head, sha256 } = value as Partial<Record<keyof ArchiveRecord, unknown>>
  return typeof rows === 'number' &&
    typeof firstBlock === 'number' &&
    typeof lastBlock === 'number' &&
    typeof head === 'string' &&
    typeof sha256 === 'string'
    ? { rows, firstBlock, lastBlock, head, sha256 }
    : null
}
