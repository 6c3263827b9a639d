import type { AuthSettings } from '#lib/auth/auth-settings.ts'
import { metrics } from '#lib/observability/metrics.ts'

type Secrets = Pick<AuthSettings, 'secret' | 'otherSecret'>

/**
 * Decrypts with NEXTAUTH_SECRET or the secret next to it: during a rotation, processes with the old and the new secret
 * run side by side, and a browser may reach either.
 * @param open returns null if it can't decrypt with that secret
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
