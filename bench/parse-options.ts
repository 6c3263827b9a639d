import { parseArgs } from 'node:util'

export const rowNames = [
  '1',
  '2',
  '3',
  '4',
  'spaces',
  '5',
  '6',
  '7',
  '8',
  '9',
  '10',
  '11',
  'audit-in',
  '12',
  'company',
  'crowding',
  'load',
  'memory',
] as const
export type RowName = (typeof rowNames)[number]

/** @returns whether any of these rows needs the portal, which takes long to build */
export const needsPortal = (rows: ReadonlySet<RowName>): boolean =>
  (['8', '12', 'company', 'load', 'memory'] as const).some((name) => rows.has(name))

/** Half of them actions, half outcomes. */
const usualTrailRows = 1_000_000

export type BenchOptions = {
  rows: ReadonlySet<RowName>
  json: string | undefined
  /** Rows in the trail of the row `company`. */
  trailRows: number
}

/** @throws Error with the usage */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: 'string' }, only: { type: 'string' }, 'trail-rows': { type: 'string' } },
  })
  const wanted = values.only?.split(',').map((name) => name.trim()) ?? [...rowNames]
  const unknown = wanted.filter((name) => !rowNames.some((known) => known === name))
  if (unknown.length > 0) throw new Error(`There is no row ${unknown.join(', ')}; rows are ${rowNames.join(', ')}.`)
  const trailRows = Number(values['trail-rows'] ?? usualTrailRows)
  if (!Number.isInteger(trailRows) || trailRows < 2) throw new Error('--trail-rows takes a whole number, 2 or more.')
  return { rows: new Set(rowNames.filter((name) => wanted.includes(name))), json: values.json, trailRows }
}
