import { expect, test } from 'vitest'
import type { Finding, FindingKind } from './finding.ts'
import { describePlaces, groupFindings } from './group-findings.ts'
import { collectRanges, describeRanges } from './ranges.ts'

const collected = (numbers: readonly number[]) => {
  const ranges = collectRanges()
  for (const number of numbers) ranges.add(BigInt(number))
  return ranges
}

test('consecutive numbers form one range', () => {
  expect(describeRanges(collected([3, 4, 5, 9, 12, 13]).ranges())).toBe('3 to 5, 9, 12 to 13')
  expect(describeRanges(collected([13, 12, 9, 3]).ranges())).toBe('3, 9, 12, 13')
})

test('a few ranges cover all numbers, split at the widest gaps, with the count of each', () => {
  const ranges = collected([1, 3, 5, 100, 102, 1_000])
  expect(describeRanges(ranges.ranges(3))).toBe('1 to 5 (3 of them), 100 to 102 (2 of them), 1000')
  expect(describeRanges(ranges.ranges(1))).toBe('1 to 1000 (6 of them)')
})

test('memory is bounded for any number of findings, and none is left out', () => {
  const ranges = collectRanges()
  for (let number = 0n; number < 200_000n; number += 2n) ranges.add(number)
  expect(ranges.ranges().length).toBeLessThanOrEqual(4_000)
  expect(ranges.ranges().reduce((sum, { count }) => sum + count, 0)).toBe(100_000)
  expect(ranges.ranges(1)).toEqual([{ from: 0n, to: 199_998n, count: 100_000 }])
})

test('findings are ordered by kind, worst first, with the first of each kind and the places of all', () => {
  const found = groupFindings(2)
  const add = (kind: FindingKind, seq: string | null, block: number) => {
    const finding: Finding = { kind, text: 'x', row: seq === null ? null : { seq }, block, after: null, before: null }
    found.add(finding)
  }
  for (let seq = 1; seq <= 60; seq++) add('forged time', String(seq), 1)
  add('edited', '61', 2)
  add('broken link', null, 7)
  const groups = found.groups()
  expect(groups.map(({ kind, count, first }) => [kind, count, first.length])).toEqual([
    ['broken link', 1, 1],
    ['edited', 1, 1],
    ['forged time', 60, 2],
  ])
  expect(groups.map((group) => describePlaces(group, 5))).toEqual(['block 7', 'seq 61', 'seq 1 to 60'])
  expect(found.count()).toBe(62)
})
