import { expect, test } from 'vitest'
import { type Row, renderRow, updateRow } from './render-progress.ts'

const plain = { width: 80, colour: false }

test('a ready part shows how long it took', () => {
  const rows = new Map<string, Row>()
  updateRow(rows, { part: 'etcd', state: 'starting' }, 1_000)
  updateRow(rows, { part: 'etcd', state: 'ready', detail: 'port 1' }, 2_500)
  const [row] = rows.values()
  expect(row && renderRow(row, 99_000, plain)).toMatch(/✓ etcd +ready +1\.5 s {2}port 1$/)
})

test('a part that is not ready shows how long it has been starting', () => {
  const rows = new Map<string, Row>()
  updateRow(rows, { part: 'binaries', state: 'building', detail: '1 of 9' }, 0)
  updateRow(rows, { part: 'binaries', state: 'building', detail: '2 of 9' }, 60_000)
  const [row] = rows.values()
  expect(row && renderRow(row, 61_000, plain)).toMatch(/building +61\.0 s {2}2 of 9$/)
})

test('no line is wider than the terminal', () => {
  const row: Row = { part: 'web', state: 'starting', detail: 'x'.repeat(200), since: 0 }
  expect(renderRow(row, 0, { width: 40, colour: false }).length).toBeLessThanOrEqual(40)
})
