import { z } from 'zod'

const endpoint = z.url({ protocol: /^https?$/ })
const names = z.array(z.string()).optional().catch(undefined)

/** What we use of a discovery document (OpenID Connect Discovery 1.0, section 3). */
const discovery = z.object({
  issuer: z.string(),
  authorization_endpoint: endpoint,
  token_endpoint: endpoint,
  jwks_uri: endpoint,
  userinfo_endpoint: endpoint.optional(),
  end_session_endpoint: endpoint.optional(),
  scopes_supported: names,
  token_endpoint_auth_methods_supported: names,
  id_token_signing_alg_values_supported: names,
  authorization_response_iss_parameter_supported: z.boolean().optional().catch(undefined),
})
export type ProviderMetadata = z.infer<typeof discovery>

export type IdentityProvider = {
  /** @throws Error when the provider does not answer, or not as one */
  metadata(): Promise<ProviderMetadata>
}

const freshMs = 60 * 60_000
const timeoutMs = 5_000
const longestDocument = 200_000

/**
 * Reads an identity provider's discovery document, and remembers it for an hour; a failure is not remembered.
 * @param issuer OIDC_ISSUER; the document must name the very same (section 4.3), but for a slash at the end
 * @param now milliseconds
 */
export function createIdentityProvider(issuer: string, now: () => number = Date.now): IdentityProvider {
  let known: { metadata: Promise<ProviderMetadata>; at: number } | undefined
  return {
    metadata() {
      if (known && now() - known.at < freshMs) return known.metadata
      const asking = { metadata: discover(issuer), at: now() }
      known = asking
      asking.metadata.catch(() => {
        if (known === asking) known = undefined
      })
      return asking.metadata
    },
  }
}

const bare = (url: string) => url.replace(/\/+$/, '')

async function discover(issuer: string): Promise<ProviderMetadata> {
  const response = await fetch(`${bare(issuer)}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(timeoutMs),
    redirect: 'error',
    headers: { accept: 'application/json' },
    cache: 'no-store',
  })
  const text = await response.text()
  if (!response.ok || text.length > longestDocument) throw new Error(`discovery answered ${response.status}`)
  const metadata = discovery.parse(JSON.parse(text))
  if (bare(metadata.issuer) !== bare(issuer)) throw new Error('discovery names another issuer than OIDC_ISSUER')
  return metadata
}

/**
 * @param configured OIDC_SCOPES; empty: what every provider knows, and `groups` only where the provider lists it (others
 *   answer invalid_scope)
 */
export function scopesFor(configured: string, metadata: Pick<ProviderMetadata, 'scopes_supported'>): string {
  if (configured.trim() !== '') return configured.trim().split(/\s+/).join(' ')
  return ['openid', 'profile', 'email', ...(metadata.scopes_supported?.includes('groups') ? ['groups'] : [])].join(' ')
}
