/** Findings by kind, worst first. Beyond the first ones, they are listed as ranges, so none is hidden. */
import { type Finding, type FindingKind, findingKinds } from './finding.ts'
import { collectRanges, describeRanges, type Ranges } from './ranges.ts'

export type FindingGroup = {
  kind: FindingKind
  count: number
  /** The first findings. */
  first: Finding[]
  /** The rows of all findings, and the blocks of those without a single row. */
  seqs: Ranges
  blocks: Ranges
}

/** @param maxFirst how many findings of each kind to keep in full */
export function groupFindings(maxFirst: number) {
  const groups = new Map<FindingKind, FindingGroup>()
  let count = 0
  return {
    add(finding: Finding): void {
      count++
      const { kind, row, block } = finding
      const group = groups.get(kind) ?? { kind, count: 0, first: [], seqs: collectRanges(), blocks: collectRanges() }
      groups.set(kind, group)
      group.count++
      if (group.first.length < maxFirst) group.first.push(finding)
      if (row) group.seqs.add(BigInt(row.seq))
      else if (block !== null) group.blocks.add(BigInt(block))
    },
    count: () => count,
    groups: (): FindingGroup[] => findingKinds.flatMap((kind) => groups.get(kind) ?? []),
  }
}

/** @returns the rows and blocks of all findings of a group, e.g. `rows with seq 7 to 9; blocks 3, 5` */
export function describePlaces({ seqs, blocks }: Pick<FindingGroup, 'seqs' | 'blocks'>, maxRanges: number): string {
  const parts = [
    ...(seqs.count() > 0 ? [`seq ${describeRanges(seqs.ranges(maxRanges))}`] : []),
    ...(blocks.count() > 0 ? [`block ${describeRanges(blocks.ranges(maxRanges))}`] : []),
  ]
  return parts.join('; ')
}
