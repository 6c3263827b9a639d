/**
 * Runs each contender once per round, every second round in reverse order, so that a slowing machine affects all.
 * @returns the values of each round, by contender
 */
export async function inRounds<Name extends string, T>(
  rounds: number,
  contenders: Readonly<Record<Name, (round: number) => Promise<T>>>,
): Promise<Record<Name, T[]>> {
  const entries = Object.entries<(round: number) => Promise<T>>(contenders)
  const results: Record<string, T[]> = Object.fromEntries(entries.map(([name]) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of round % 2 === 0 ? entries : entries.toReversed()) results[name]?.push(await run(round))
  }
  // Every contender's name got its list.
  return results as Record<Name, T[]>
}
