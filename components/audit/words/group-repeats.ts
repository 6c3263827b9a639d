/**
 * Gathers neighbours that say the same.
 * @param says what a row says, as a text to compare
 * @returns the rows in their order, as groups of at least one
 */
export function groupRepeats<R>(rows: readonly R[], says: (row: R) => string): [R, ...R[]][] {
  const groups: [R, ...R[]][] = []
  let last: string | undefined
  for (const row of rows) {
    const said = says(row)
    const group = groups.at(-1)
    if (group && said === last) group.push(row)
    else groups.push([row])
    last = said
  }
  return groups
}
