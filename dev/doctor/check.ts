import { explain } from './explain.ts'
import { bad, type Finding, skipped } from './finding.ts'

export type Check = {
  /** Its subject, for when it fails or takes too long. */
  about: string
  /** What to do then. */
  remedy: string
  /** The area’s other checks depend on it: they are skipped if it finds a problem. */
  gate?: true
  /** How long it may take, ms. Default: 5 s; more for checks that make dozens of requests. */
  limitMs?: number
  run: (signal: AbortSignal) => Promise<Finding | Finding[]>
}

/** The checks of one part of an installation. */
export type Area = { title: string; checks: readonly Check[] }

/**
 * @returns an area that isn’t checked
 * @param give the missing setting
 */
export const notAsked = (title: string, give: string): Area => ({
  title,
  checks: [{ about: title, remedy: '', run: () => Promise.resolve(skipped(`Not checked: give ${give}`)) }],
})

/** Runs a check. It never throws, and never exceeds its limit. */
export async function runCheck({ about, remedy, limitMs = 5_000, run }: Check): Promise<Finding[]> {
  const signal = AbortSignal.timeout(limitMs)
  const late = Promise.withResolvers<never>()
  // Not awaited if the check throws at once.
  late.promise.catch(() => {})
  signal.addEventListener('abort', () => late.reject(new Error(`no answer within ${limitMs / 1000} s`)))
  try {
    return [await Promise.race([run(signal), late.promise])].flat()
  } catch (error) {
    const cause = explain(error)
    return [{ ...bad(`${about}: ${cause}`, remedy), cause }]
  }
}

/**
 * Runs an area’s checks. One cause gives one finding: checks that depend on a failed one are skipped, and checks that
 * fail for the same reason are reported once.
 * @param reported reasons that another area has reported
 */
export async function runArea({ checks }: Area, reported: readonly string[] = []): Promise<Finding[]> {
  const found: Finding[] = []
  for (const check of checks.filter(({ gate }) => gate)) {
    found.push(...(await runCheck(check)))
    if (found.some(({ mark }) => mark === 'bad'))
      return [...found, skipped('The rest was not checked, because of that')]
  }
  const rest = await Promise.all(checks.filter(({ gate }) => !gate).map(runCheck))
  const seen = new Set(reported)
  return [...found, ...rest.flat()].filter(({ what, cause = what }) => {
    const isNew = !seen.has(cause)
    seen.add(cause)
    return isNew
  })
}
