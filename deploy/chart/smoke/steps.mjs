/** A step that is skipped, which is not a failure. */
export class SkippedStep extends Error {}

/** Server answers are quoted: they must not draw on the terminal. */
const oneLine = (text) => text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 600)

/** @returns an error's message, or its cause or code: some of Node's errors have an empty message */
export const reasonOf = (error) => error.message || error.errors?.[0]?.message || error.code || String(error)

/**
 * @param {(line: string) => void} print
 * @returns `step`, which does one thing and prints a line: whether it passed, how long it took, and its result or error;
 * and how many steps failed
 */
export function createSteps(print) {
  const steps = { failed: 0, step }
  async function step(what, work) {
    const begun = performance.now()
    const line = (sign, said) => {
      const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(6)
      print(`${sign} ${seconds} s  ${what}${said ? `: ${oneLine(said)}` : ''}`)
    }
    try {
      line('✓', await work())
      return true
    } catch (error) {
      if (error instanceof SkippedStep) line('-', error.message)
      else {
        steps.failed += 1
        line('✗', reasonOf(error))
      }
      return false
    }
  }
  return steps
}
