/** How far the provider’s clock may be ahead. */
const skewMs = 60_000

/**
 * @param claim `auth_time` of the ID token (OpenID Connect Core 1.0, section 2): seconds since 1970
 * @returns when the person authenticated at the provider, never later than now; null: missing or implausible
 */
export function parseAuthTime(claim: unknown, now: Date): Date | null {
  if (typeof claim !== 'number' || !Number.isFinite(claim) || claim <= 0) return null
  const at = claim * 1_000
  return at > now.getTime() + skewMs ? null : new Date(Math.min(at, now.getTime()))
}
