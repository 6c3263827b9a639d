import { parseArgs } from 'node:util'

export const rowNames = ['1', '2', '3', '4', '7', '8', '12', 'crowding', 'memory'] as const
export type RowName = (typeof rowNames)[number]

export type BenchOptions = { rows: ReadonlySet<RowName>; json: string | undefined }

/** @throws Error that says how it is called */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: 'string' }, only: { type: 'string' } },
  })
  const wanted = values.only?.split(',').map((name) => name.trim()) ?? [...rowNames]
  const unknown = wanted.filter((name) => !rowNames.some((known) => known === name))
  if (unknown.length > 0) throw new Error(`There is no row ${unknown.join(', ')}; rows are ${rowNames.join(', ')}.`)
  return { rows: new Set(rowNames.filter((name) => wanted.includes(name))), json: values.json }
}
