import { z } from 'zod'
import { acceptedAlgorithms } from '#lib/auth/model/signing-algorithms.ts'
import { isLoopback } from '#lib/config/is-loopback.ts'
import { isSafeUrl } from '#lib/config/is-safe-url.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'
import { boundedFetch } from './bounded-fetch.ts'

const endpoint = z.url().refine(isSafeUrl, 'https is needed')
const optionalEndpoint = endpoint
  .nullish()
  .transform((url) => url ?? undefined)
  .optional()
const names = z.array(z.string()).optional().catch(undefined)

/** The used fields of a discovery document (OpenID Connect Discovery 1.0, section 3). */
const discovery = z.object({
  issuer: z.string(),
  authorization_endpoint: endpoint,
  token_endpoint: endpoint,
  jwks_uri: endpoint,
  userinfo_endpoint: optionalEndpoint,
  end_session_endpoint: optionalEndpoint,
  scopes_supported: names,
  token_endpoint_auth_methods_supported: names,
  id_token_signing_alg_values_supported: names,
  authorization_response_iss_parameter_supported: z.boolean().optional().catch(undefined),
})
export type ProviderMetadata = z.infer<typeof discovery>

export type IdentityProvider = {
  /** @throws ProviderError if the provider doesn't answer, or isn't the configured one */
  metadata(): Promise<ProviderMetadata>
}

/** Faults of the provider: code → text in the public readiness report. Names are only logged. */
export const providerFaults = {
  provider_unreachable: 'does not answer',
  no_provider: 'there is no OpenID provider at OIDC_ISSUER',
  wrong_issuer: 'its issuer differs from OIDC_ISSUER',
  no_algorithm: 'it supports no accepted signing algorithm (OIDC_ALGORITHMS)',
} as const
export type ProviderFault = keyof typeof providerFaults

class ProviderError extends Error {
  readonly fault: ProviderFault

  /** @param detail only for the log */
  constructor(fault: ProviderFault, detail?: string, options?: ErrorOptions) {
    super(detail === undefined ? providerFaults[fault] : `${providerFaults[fault]}: ${detail}`, options)
    this.name = 'ProviderError'
    this.fault = fault
  }
}

/** @returns the fault in an error. Checks a field, not the class, since one process may load the class twice */
export function providerFaultOf(error: unknown): ProviderFault | undefined {
  if (!(error instanceof Error) || !('fault' in error)) return undefined
  return Object.keys(providerFaults).find((fault): fault is ProviderFault => fault === error.fault)
}

const freshMs = 60 * 60_000
const bounds = { timeoutMs: 5_000, maxBytes: 200_000 }

/**
 * Reads an identity provider's discovery document, and caches it for an hour; doesn't cache failures.
 * @param issuer OIDC_ISSUER; the document must name exactly this one (section 4.3), except for a trailing slash
 */
export function createIdentityProvider(issuer: string): IdentityProvider {
  let known: { metadata: Promise<ProviderMetadata>; at: number } | undefined
  return {
    metadata() {
      if (known && Date.now() - known.at < freshMs) return known.metadata
      const asking = { metadata: discover(issuer), at: Date.now() }
      known = asking
      asking.metadata.catch(() => {
        if (known === asking) known = undefined
      })
      return asking.metadata
    },
  }
}

/**
 * @param allowed OIDC_ALGORITHMS
 * @returns the discovery document of a usable provider
 * @throws ProviderError with the reason why it isn't usable
 */
export async function readProvider(provider: IdentityProvider, allowed: readonly string[]): Promise<ProviderMetadata> {
  const metadata = await provider.metadata()
  const offered = metadata.id_token_signing_alg_values_supported
  if (acceptedAlgorithms(offered, allowed).length === 0)
    throw new ProviderError('no_algorithm', `it offers ${offered?.join(', ') ?? 'none'}`)
  return metadata
}

async function discover(issuer: string): Promise<ProviderMetadata> {
  const url = `${bareIssuer(issuer)}/.well-known/openid-configuration`
  let response: Response
  try {
    response = await boundedFetch(url, { headers: { accept: 'application/json' } }, bounds)
  } catch (cause) {
    throw new ProviderError('provider_unreachable', url, { cause })
  }
  const { status } = response
  if (status >= 500 || status === 429) throw new ProviderError('provider_unreachable', `${url} answered ${status}`)
  if (status !== 200) throw new ProviderError('no_provider', `${url} answered ${status}`)
  const document = parseJson(await response.text())
  const named = z.looseObject({ issuer: z.string() }).safeParse(document)
  if (named.success && bareIssuer(named.data.issuer) !== bareIssuer(issuer))
    throw new ProviderError('wrong_issuer', `OIDC_ISSUER is ${issuer}, the provider says ${named.data.issuer}`)
  const parsed = discovery.safeParse(document)
  if (parsed.success && isElsewhere(parsed.data, issuer))
    throw new ProviderError('no_provider', `${url} leads to this machine, where the provider isn’t`)
  if (parsed.success) return parsed.data
  throw new ProviderError('no_provider', `${url} is not a discovery document: ${z.prettifyError(parsed.error)}`)
}

/**
 * @returns whether a provider on another machine names an endpoint on this one, such as one of Spaceport's own ports
 */
export function isElsewhere(
  { token_endpoint, jwks_uri, userinfo_endpoint }: ProviderMetadata,
  issuer: string,
): boolean {
  const isHere = (url: string) => isLoopback(new URL(url).hostname)
  return (
    !isHere(issuer) && [token_endpoint, jwks_uri, userinfo_endpoint].some((url) => url !== undefined && isHere(url))
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * @param configured OIDC_SCOPES; empty: the standard scopes, and `groups` only if the provider lists it (others answer
 *   invalid_scope)
 */
export function scopesFor(configured: string, metadata: Pick<ProviderMetadata, 'scopes_supported'>): string {
  if (configured.trim() !== '') return configured.trim().split(/\s+/).join(' ')
  return ['openid', 'profile', 'email', ...(metadata.scopes_supported?.includes('groups') ? ['groups'] : [])].join(' ')
}
