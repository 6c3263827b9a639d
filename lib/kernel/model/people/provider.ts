import { bareIssuer } from './bare-issuer.ts'

/** A configured identity provider: its `id` is in the URLs of sign-in, and `issuer` has no trailing slash. */
export type ProviderName = { id: string; name: string; issuer: string }

/** The id of the provider that OIDC_ISSUER names. */
export const mainProviderId = 'oidc'

/**
 * @param issuer where somebody signs in
 * @returns how pages say which provider somebody comes from; null: there is one, so nobody can be mistaken for another’s
 */
export function providerInWords(providers: readonly ProviderName[], issuer: string): string | null {
  if (providers.length < 2) return null
  return providers.find((one) => one.issuer === bareIssuer(issuer))?.name ?? issuer
}

/** @returns a provider as a page about one person names it: by its name, where there are several, and its issuer */
export function providerInFull(providers: readonly ProviderName[], issuer: string): string {
  const name = providerInWords(providers, issuer)
  return name === null || name === issuer ? issuer : `${name} (${issuer})`
}

/** Which attribute of a user is their subject at the identity provider (SCIM_SUBJECT). */
export type SubjectAttribute = 'externalId' | 'userName'
