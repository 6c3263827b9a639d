/**
 * Runs each contender once per round, the rounds one after another and every second one backwards, so that a machine that
 * becomes slower does so for all.
 * @returns by contender, what each round gave
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
