import { bareIssuer } from './bare-issuer.ts'

/** A configured identity provider: its `id` is in the URLs of sign-in, and `issuer` has no trailing slash. */
export type ProviderName = { id: string; name: string; issuer: string }

export const mainProviderId = 'oidc'

/**
 * @param issuer where a person signs in
 * @returns the provider's name on pages; null: there is only one, so it isn't shown
 */
export function providerInWords(providers: readonly ProviderName[], issuer: string): string | null {
  if (providers.length < 2) return null
  return providers.find((one) => one.issuer === bareIssuer(issuer))?.name ?? issuer
}

/** @returns a provider on a page about one person: its name, if there are several, and its issuer */
export function providerInFull(providers: readonly ProviderName[], issuer: string): string {
  const name = providerInWords(providers, issuer)
  return name === null || name === issuer ? issuer : `${name} (${issuer})`
}

/** The SCIM attribute that is a user's subject at the identity provider (SCIM_SUBJECT). */
export type SubjectAttribute = 'externalId' | 'userName'
