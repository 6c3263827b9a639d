/** What a verification found, for a terminal: grouped, the worst kind first, and nothing left out. */
import { describeFinding, type Finding, noteTexts } from '#lib/features/audit/chain/finding.ts'
import { describePlaces, groupFindings } from '#lib/features/audit/chain/group-findings.ts'
import { describeRanges } from '#lib/features/audit/chain/ranges.ts'
import type { Note } from '#lib/features/audit/chain/verify-chain.ts'

/** Of each kind, so many are described one by one; the others are in ranges. */
const maxDescribed = 10
const maxRanges = 20

export type Report = ReturnType<typeof openReport>

export type ReportOptions = {
  say: (line: string) => void
  /** Whether each finding gets a line, as it is found. */
  all?: boolean
  /** Gets each finding and each note as an object. */
  write?: (value: object) => void
}

export function openReport({ say, all = false, write = () => {} }: ReportOptions) {
  const found = groupFindings(maxDescribed)
  return {
    count: found.count,
    add(finding: Finding): void {
      write({ finding })
      if (all) say(describeFinding(finding))
      found.add(finding)
    },
    /** Says what was found. */
    end(notes: readonly Note[]): void {
      for (const group of found.groups()) {
        const { kind, count, first } = group
        if (!all) for (const finding of first) say(describeFinding(finding))
        if (count > first.length)
          say(
            `${kind}: ${count} findings${all ? '' : `, the first ${first.length} above`}: ${describePlaces(group, maxRanges)}`,
          )
      }
      for (const { kind, seqs } of notes) {
        const ranges = seqs.ranges()
        write({
          note: {
            kind,
            rows: seqs.count(),
            seqs: ranges.map(({ from, to, count }) => ({ from: String(from), to: String(to), count })),
          },
        })
        say(`Note: ${seqs.count()} rows ${noteTexts[kind]}: seq ${describeRanges(seqs.ranges(maxRanges))}.`)
      }
    },
  }
}
