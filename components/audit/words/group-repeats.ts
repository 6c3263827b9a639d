/**
 * Groups adjacent rows with the same key.
 * @param keyOf the key of a row
 * @returns the rows in order, in groups of at least one
 */
export function groupRepeats<R>(rows: readonly R[], keyOf: (row: R) => string): [R, ...R[]][] {
  const groups: [R, ...R[]][] = []
  let previousKey: string | undefined
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.at(-1)
    if (group && key === previousKey) group.push(row)
    else groups.push([row])
    previousKey = key
  }
  return groups
}
