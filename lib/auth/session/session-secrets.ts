import type { AuthSettings } from '#lib/auth/auth-settings.ts'
import { metrics } from '#lib/observability/metrics.ts'

type Secrets = Pick<AuthSettings, 'secret' | 'otherSecret'>

/**
 * Reads what NEXTAUTH_SECRET or the one beside it sealed: while it is replaced, processes with the old and with the new
 * one run side by side, and browsers come to either.
 * @param open returns null if it can't be read with that secret
 */
export async function openWithEither<T>(
  { secret, otherSecret }: Secrets,
  open: (secret: string) => T | null | Promise<T | null>,
): Promise<T | null> {
  for (const [value, candidate] of [
    ['current', secret],
    ['other', otherSecret],
  ] as const) {
    const opened = candidate === null ? null : await open(candidate)
    if (opened === null) continue
    metrics().secretUses.inc({ secret: 'session', value })
    return opened
  }
  return null
}
