/** Findings by kind, worst first. None is hidden: what isn't described one by one is in ranges. */
import { type Finding, type FindingKind, findingKinds } from './finding.ts'
import { collectRanges, describeRanges, type Ranges } from './ranges.ts'

export type FindingGroup = {
  kind: FindingKind
  count: number
  /** The first of them. */
  first: Finding[]
  /** All of them: their rows, and the blocks of those that are about no single row. */
  seqs: Ranges
  blocks: Ranges
}

/** @param maxFirst how many of each kind are kept whole */
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

/** @returns all of a group's findings by their rows and blocks, e.g. `rows with seq 7 to 9; blocks 3, 5` */
export function describePlaces({ seqs, blocks }: Pick<FindingGroup, 'seqs' | 'blocks'>, maxRanges: number): string {
  const parts = [
    ...(seqs.count() > 0 ? [`seq ${describeRanges(seqs.ranges(maxRanges))}`] : []),
    ...(blocks.count() > 0 ? [`block ${describeRanges(blocks.ranges(maxRanges))}`] : []),
  ]
  return parts.join('; ')
}
