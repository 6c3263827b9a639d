/**
 * The identity providers besides that of OIDC_ISSUER, from the file in SPACEPORT_FURTHER_PROVIDERS. Must never confuse
 * two providers, since a person is (issuer, subject), or repeat a secret in a message.
 */
import { z } from 'zod'
import { personName, signInDomain, signInGroup } from './admission-items.ts'
import { notUsable } from './environment.ts'
import { graphOrigins, isGraphOrigin } from './graph-origins.ts'
import { isSafeUrl } from './is-safe-url.ts'
import { isSubjectClaim } from './is-subject-claim.ts'
import { readConfiguredFile } from './read-configured-file.ts'

/** IDs of the portal's own addresses below /api/auth/signin, and of OIDC_ISSUER. */
const taken = ['oidc', 'again']
const most = 20

const secret = z.string().min(1)
const shape = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/)
    .refine((id) => !taken.includes(id), `must not be ${taken.join(' or ')}`),
  name: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .regex(/^[^\p{C}]*$/u),
  issuer: z
    .string()
    .refine(
      (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && isSafeUrl(value),
      'https is needed',
    ),
  clientId: z.string().min(1),
  clientSecret: secret.optional(),
  clientSecretFile: z.string().startsWith('/').optional(),
  otherClientSecret: secret.optional(),
  scopes: z.string().default(''),
  groupsClaim: z.string().min(1).default('groups'),
  groupsOverage: z
    .string()
    .refine(isGraphOrigin, `refuse, or one of ${graphOrigins.join(', ')}`)
    .default('refuse'),
  subjectClaim: z
    .string()
    .refine(isSubjectClaim, 'use a claim that never changes: sub, oid, or one of your own')
    .default('sub'),
  adminGroups: z.array(z.string().min(1)).default([]),
  auditorGroups: z.array(z.string().min(1)).default([]),
  admins: z.array(personName).default([]),
  auditors: z.array(personName).default([]),
  signInGroups: z.array(signInGroup).default([]),
  signInDomains: z.array(signInDomain).default([]),
})

export type FurtherProvider = Omit<z.infer<typeof shape>, 'clientSecret' | 'clientSecretFile' | 'otherClientSecret'> & {
  clientSecret: string
  otherClientSecret: string | null
}

const bare = (issuer: string) => issuer.replace(/\/+$/, '')

/**
 * @param path of the JSON file; empty: none
 * @param mainIssuer OIDC_ISSUER
 * @throws ConfigurationError that names the wrong entry and its fault, without its values
 */
export function readFurtherProviders(path: string, mainIssuer: string): FurtherProvider[] {
  if (path === '') return []
  const fail = (why: string) => notUsable('SPACEPORT_FURTHER_PROVIDERS', `${path}: ${why}`)
  const parsed = z
    .array(shape)
    .max(most)
    .safeParse(parseJson(readConfiguredFile('SPACEPORT_FURTHER_PROVIDERS', path)))
  if (!parsed.success)
    throw fail(
      parsed.error.issues.map(({ path: at, message }) => `${at.join('.') || 'the file'}: ${message}`).join('; '),
    )
  const twice = (values: readonly string[]) => values.find((one, at) => values.indexOf(one) !== at)
  const id = twice(parsed.data.map((one) => one.id))
  if (id !== undefined) throw fail(`the id ${id} is used twice`)
  const issuer = twice([bare(mainIssuer), ...parsed.data.map((one) => bare(one.issuer))])
  if (issuer !== undefined) throw fail(`the issuer ${issuer} is used twice, or is that of OIDC_ISSUER`)
  return parsed.data.map(({ clientSecret, clientSecretFile, otherClientSecret, ...provider }) => {
    if ((clientSecret === undefined) === (clientSecretFile === undefined))
      throw fail(`${provider.id} needs either clientSecret or clientSecretFile`)
    const known =
      clientSecretFile === undefined
        ? (clientSecret ?? '')
        : readConfiguredFile('SPACEPORT_FURTHER_PROVIDERS', clientSecretFile).trim()
    if (provider.groupsOverage !== 'refuse' && provider.groupsClaim !== 'groups')
      throw fail(`groupsOverage of ${provider.id} is for the claim groups, but groupsClaim names another`)
    if (known === '') throw fail(`the client’s secret of ${provider.id} is empty`)
    return { ...provider, clientSecret: known, otherClientSecret: otherClientSecret ?? null }
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
