/**
 * On a machine that stalls, what is quick may be late, but not every time. Runs something until it was quick enough, three
 * times at most: for what a bug would make slow each time.
 * @param run returns how long it took, in milliseconds
 * @returns the shortest time
 */
export async function fastestOfThree(enoughMs: number, run: () => Promise<number>): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY
  for (let round = 0; round < 3 && fastest >= enoughMs; round++) fastest = Math.min(fastest, await run())
  return fastest
}
