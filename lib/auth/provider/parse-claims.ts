/**
 * Parses an identity provider's claims about a person. Groups give rights: anything except a list of strings (or no
 * claim: no groups) is refused, since "unknown" must never become "no groups", or the reverse. A string that isn't a
 * valid group name gives no rights. It is skipped and reported, so that one such group doesn't lock out its team.
 */
import { z } from 'zod'
import { isTokenId } from '#lib/auth/model/token-id.ts'
import { control, isGroupName } from '#lib/kernel/model/people/group-name.ts'
import type { SignInError } from '#lib/kernel/model/people/sign-in-error.ts'

export const maxGroups = 1_000

export type Claims = {
  name: string
  email: string
  /** The provider says that it hasn't verified the address. Many providers don't send this claim. */
  emailUnverified: boolean
  /** The address as sent, if the provider says that it verified it; otherwise null. */
  verifiedEmail: string | null
  handleBase: string
  groups: string[]
  /** Entries of the groups claim that aren't valid names, cleaned and shortened for display. */
  leftOut: string[]
}
export type ClaimsVerdict = { ok: true; claims: Claims } | { ok: false; error: SignInError }

const text = z.string().catch('')
const profile = z.looseObject({
  sub: z.string().refine(isTokenId),
  name: text,
  given_name: text,
  family_name: text,
  preferred_username: text,
  email: text,
  email_verified: z.unknown().optional(),
})

/**
 * @param raw the claims of the id_token (and userinfo)
 * @param groupsClaim the claim that lists the groups
 */
export function parseClaims(raw: unknown, groupsClaim: string): ClaimsVerdict {
  const parsed = profile.safeParse(raw)
  if (!parsed.success) return { ok: false, error: 'provider_refused' }
  const groups = parseGroups(parsed.data, groupsClaim)
  if (typeof groups === 'string') return { ok: false, error: groups }
  const { sub, preferred_username, name, given_name, family_name, email } = parsed.data
  const shown = [name, `${given_name} ${family_name}`, preferred_username, email, sub].map((value) => clean(value, 200))
  return {
    ok: true,
    claims: {
      name: shown.find((value) => value !== '') ?? '',
      email: clean(email, 320),
      emailUnverified: isUnverified(parsed.data.email_verified),
      // Not the cleaned address: after shortening, it could match another person's.
      verifiedEmail: email !== '' && isVerified(parsed.data.email_verified) ? email : null,
      handleBase: [preferred_username, email, name].map((value) => clean(value, 200)).find((v) => v !== '') ?? '',
      ...groups,
    },
  }
}

/** OpenID Connect Core 1.0, section 5.1: a boolean, which some providers send as a string. */
const isVerified = (claim: unknown): boolean => claim === true || claim === 'true'
const isUnverified = (claim: unknown): boolean => claim !== undefined && !isVerified(claim)

type Groups = Pick<Claims, 'groups' | 'leftOut'>

function parseGroups(claims: Readonly<Record<string, unknown>>, groupsClaim: string): Groups | SignInError {
  if (hasOverage(claims, groupsClaim)) return 'groups_overage'
  if (!Object.hasOwn(claims, groupsClaim)) return { groups: [], leftOut: [] }
  const parsed = z.array(z.string()).safeParse(claims[groupsClaim])
  if (!parsed.success) return 'groups_malformed'
  const names = [...new Set(parsed.data)]
  if (names.length > maxGroups) return 'groups_overage'
  const leftOut = names.filter((name) => !isGroupName(name))
  return { groups: names.filter(isGroupName), leftOut: [...new Set(leftOut.map(shortened))] }
}

/** Long enough to recognize. */
const shortened = (name: string): string => {
  const shown = clean(name, 80)
  return shown === '' ? '(empty)' : name.length > 80 ? `${shown}…` : shown
}

/**
 * @returns whether the provider says that the groups are elsewhere (distributed claims: OpenID Connect Core 1.0,
 *   section 5.6.2; Microsoft Entra's groups overage, and `hasgroups` in its implicit flow).
 */
export function hasOverage(claims: Readonly<Record<string, unknown>>, groupsClaim: string): boolean {
  const { _claim_names: names, _claim_sources: sources, hasgroups } = claims
  if (hasgroups !== undefined && hasgroups !== false) return true
  if (names === undefined) return sources !== undefined
  if (typeof names !== 'object' || names === null || Array.isArray(names)) return true
  return Object.hasOwn(names, groupsClaim) || Object.hasOwn(names, 'groups')
}

const controls = new RegExp(control.source, 'g')
const clean = (value: string, longest: number): string =>
  value.replace(controls, ' ').trim().slice(0, longest).toWellFormed()
