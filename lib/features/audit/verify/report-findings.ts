/** Reports the findings of a verification in a terminal: grouped, worst kind first, complete. */
import { describeFinding, type Finding, noteTexts } from '#lib/features/audit/chain/finding.ts'
import { describePlaces, groupFindings } from '#lib/features/audit/chain/group-findings.ts'
import { describeRanges } from '#lib/features/audit/chain/ranges.ts'
import type { Note } from '#lib/features/audit/chain/verify-chain.ts'

/** This many of each kind are described one by one, the others as ranges. */
const maxDescribed = 10
const maxRanges = 20

export type Report = ReturnType<typeof openReport>

export type ReportOptions = {
  print: (line: string) => void
  /** Whether to print each finding when it is found. */
  all?: boolean
  /** Receives each finding and each note as an object. */
  write?: (value: object) => void
}

export function openReport({ print, all = false, write = () => {} }: ReportOptions) {
  const found = groupFindings(maxDescribed)
  return {
    count: found.count,
    add(finding: Finding): void {
      write({ finding })
      if (all) print(describeFinding(finding))
      found.add(finding)
    },
    /** Prints the summary. */
    end(notes: readonly Note[]): void {
      for (const group of found.groups()) {
        const { kind, count, first } = group
        if (!all) for (const finding of first) print(describeFinding(finding))
        if (count > first.length)
          print(
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
        print(`Note: ${seqs.count()} rows ${noteTexts[kind]}: seq ${describeRanges(seqs.ranges(maxRanges))}.`)
      }
    },
  }
}
