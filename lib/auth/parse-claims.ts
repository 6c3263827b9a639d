/**
 * Reads what an identity provider says of a person. Rights hang on the groups, so anything but a plain list of names (or
 * no claim at all: no groups) is a refusal: never must "could not be told" turn into "no groups", nor the other way.
 */
import { z } from 'zod'
import type { SignInError } from '../domain/sign-in-error.ts'

const mostGroups = 1_000
const longestGroup = 256

export type Claims = { subject: string; name: string; email: string; handleBase: string; groups: string[] }
export type ClaimsVerdict = { ok: true; claims: Claims } | { ok: false; error: SignInError }

const text = z.string().catch('')
const profile = z.looseObject({
  sub: z.string().min(1).max(255),
  name: text,
  given_name: text,
  family_name: text,
  preferred_username: text,
  email: text,
})

/**
 * @param raw the claims of the id_token (and userinfo)
 * @param groupsClaim which claim lists the groups
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
      subject: sub,
      name: shown.find((value) => value !== '') ?? sub,
      email: clean(email, 320),
      handleBase: [preferred_username, email, name].map((value) => clean(value, 200)).find((v) => v !== '') ?? '',
      groups,
    },
  }
}

const groupList = z
  .array(
    z
      .string()
      .min(1)
      .max(longestGroup)
      .refine((group) => !control.test(group) && group.trim() === group),
  )
  .max(mostGroups)

function parseGroups(claims: Readonly<Record<string, unknown>>, groupsClaim: string): string[] | SignInError {
  if (hasOverage(claims, groupsClaim)) return 'groups_overage'
  if (!Object.hasOwn(claims, groupsClaim)) return []
  const parsed = groupList.safeParse(claims[groupsClaim])
  if (parsed.success) return [...new Set(parsed.data)]
  return Array.isArray(claims[groupsClaim]) && claims[groupsClaim].length > mostGroups
    ? 'groups_overage'
    : 'groups_malformed'
}

/**
 * Whether the provider says that the groups are elsewhere (distributed claims: OpenID Connect Core 1.0, section 5.6.2;
 * Microsoft Entra's groups overage, and its `hasgroups` of the implicit flow).
 */
function hasOverage(claims: Readonly<Record<string, unknown>>, groupsClaim: string): boolean {
  const { _claim_names: names, _claim_sources: sources, hasgroups } = claims
  if (hasgroups !== undefined && hasgroups !== false) return true
  if (names === undefined) return sources !== undefined
  if (typeof names !== 'object' || names === null || Array.isArray(names)) return true
  return Object.hasOwn(names, groupsClaim) || Object.hasOwn(names, 'groups')
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be found
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/
const controls = new RegExp(control.source, 'g')
const clean = (value: string, longest: number): string => value.replace(controls, ' ').trim().slice(0, longest)
