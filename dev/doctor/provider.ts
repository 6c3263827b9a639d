import { z } from 'zod'
import { mainProviderId } from '#lib/kernel/model/people/provider.ts'
import { type Area, notAsked } from './check.ts'
import { bad, doubtful, type Finding, good, skipped } from './finding.ts'
import { few } from './rights-of-rules.ts'

/** `id`: in the redirect URI; that of the main provider by default. */
export type ProviderSettings = {
  id?: string
  issuer: string | undefined
  clientId: string | undefined
  groupsClaim: string
  /** Empty: the code's own choice. */
  algorithms: readonly string[]
  portalUrl: string | undefined
}

/** The names of a provider's settings, and the page about them. */
function namesOf(id: string) {
  if (id === mainProviderId)
    return {
      ...{ issuer: 'OIDC_ISSUER', client: 'OIDC_CLIENT_ID', groups: 'OIDC_GROUPS_CLAIM' },
      page: 'docs/own-cluster.md, 3',
    }
  const of = (field: string) => `${id}’s ${field}`
  return {
    ...{ issuer: of('issuer'), client: of('clientId'), groups: of('groupsClaim') },
    page: 'docs/several-providers.md',
  }
}

const texts = z.array(z.string()).optional()
const discovery = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  jwks_uri: z.url(),
  end_session_endpoint: z.string().optional(),
  backchannel_logout_supported: z.boolean().optional(),
  response_types_supported: texts,
  code_challenge_methods_supported: texts,
  id_token_signing_alg_values_supported: texts,
  scopes_supported: texts,
  claims_supported: texts,
})
type Discovery = z.infer<typeof discovery>
const keySet = z.object({ keys: z.array(z.unknown()) })

/** Checks that the identity provider supports what sign-in needs. */
export function provider(settings: ProviderSettings): Area {
  const title = 'Identity provider'
  const { issuer, id = mainProviderId } = settings
  if (issuer === undefined) return notAsked(title, 'OIDC_ISSUER')
  const names = namesOf(id)
  const discover = async (signal: AbortSignal) => {
    const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { signal })
    if (!answer.ok) throw new Error(`the discovery document answers ${answer.status}`)
    return discovery.parse(await answer.json())
  }
  const reach = `check that ${names.issuer} is the provider’s issuer, and that this machine reaches it (${names.page})`
  return {
    title: id === mainProviderId ? `Identity provider ${issuer}` : `Identity provider ${issuer}, ${id}`,
    checks: [
      {
        about: 'The discovery document',
        remedy: reach,
        run: async (signal) => checkDiscovery(settings, issuer, await discover(signal)),
      },
      {
        about: 'The provider’s keys',
        remedy: reach,
        run: async (signal) => {
          const answer = await fetch((await discover(signal)).jwks_uri, { signal })
          const { keys } = keySet.parse(await answer.json())
          return keys.length > 0
            ? good('The provider publishes its keys')
            : bad('The provider publishes no key to verify sign-ins with', reach)
        },
      },
      {
        about: 'The client',
        remedy: reach,
        run: async (signal) => askForClient(settings, await discover(signal), signal),
      },
    ],
  }
}

/** A provider may support more than its document lists: only what it lists can be wrong. */
function checkDiscovery(settings: ProviderSettings, issuer: string, found: Discovery): Finding[] {
  const lacks = (said: readonly string[] | undefined, wanted: string) => said !== undefined && !said.includes(wanted)
  const { groupsClaim, algorithms, id = mainProviderId } = settings
  const { page, ...names } = namesOf(id)
  const signsWith = found.id_token_signing_alg_values_supported ?? ['RS256']
  const usable = algorithms.length > 0 ? algorithms.filter((one) => signsWith.includes(one)) : signsWith.filter(isSafe)
  return [
    found.issuer === issuer
      ? good(`The provider’s issuer is the one in ${names.issuer}`)
      : bad(
          `The provider’s issuer is ${found.issuer}, not ${issuer}`,
          `set ${names.issuer} to exactly that, including a final slash (${page})`,
        ),
    lacks(found.response_types_supported, 'code')
      ? bad('The provider doesn’t offer the code flow', `switch it on for the client (${page})`)
      : good('It offers the code flow'),
    found.code_challenge_methods_supported === undefined
      ? doubtful('It doesn’t say whether it supports PKCE', `switch on S256 if it does (${page})`)
      : lacks(found.code_challenge_methods_supported, 'S256')
        ? bad('It doesn’t support PKCE with S256', `switch it on, or use another provider (${page})`)
        : good('It supports PKCE with S256'),
    usable.length > 0
      ? good(`It signs with ${few(usable)}`)
      : bad(
          `It signs only with algorithms that aren’t accepted: ${few(signsWith)}`,
          `have it sign with another, or set OIDC_ALGORITHMS (docs/configuration.md)`,
        ),
    found.end_session_endpoint === undefined
      ? doubtful('It has no end-session endpoint: people who sign out of the portal stay signed in there')
      : good('Signing out of the portal can also sign out there'),
    found.backchannel_logout_supported === true
      ? good('It supports back-channel logout')
      : doubtful(
          'It doesn’t say that it supports back-channel logout: signing out there doesn’t end the portal’s sessions',
        ),
    found.claims_supported === undefined
      ? skipped(`It doesn’t list its claims; whether it sends ${groupsClaim} shows at the first sign-in`)
      : found.claims_supported.includes(groupsClaim)
        ? good(`It can send the claim ${groupsClaim}`)
        : doubtful(
            `It doesn’t list the claim ${groupsClaim}: without it, people have no groups`,
            `have it send people’s groups, or set its claim in ${names.groups} (${page})`,
          ),
  ]
}

const isSafe = (algorithm: string) => /^((RS|PS|ES)(256|384|512)|EdDSA|Ed25519)$/.test(algorithm)

/**
 * Asked with `prompt=none`, a provider redirects a browser without a session back, if it knows the client and the URI.
 */
async function askForClient(
  { id = mainProviderId, clientId, portalUrl }: ProviderSettings,
  { authorization_endpoint }: Discovery,
  signal: AbortSignal,
): Promise<Finding> {
  const { client, page } = namesOf(id)
  if (portalUrl === undefined) return skipped('The redirect URI is not checked: give --portal URL, or SPACEPORT_URL')
  const redirectUri = `${new URL(portalUrl).origin}/api/auth/callback/${id}`
  if (clientId === undefined) return skipped(`Whether ${redirectUri} is registered is not checked: give ${client}`)
  const url = new URL(authorization_endpoint)
  const asked = {
    ...{ client_id: clientId, redirect_uri: redirectUri, response_type: 'code', scope: 'openid', prompt: 'none' },
    // The challenge of an unknown verifier: no code can be exchanged.
    ...{ code_challenge: 'A'.repeat(43), code_challenge_method: 'S256', state: 'spaceport-doctor' },
  }
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
  const { status, sentTo } = await followUntil(url, redirectUri, signal)
  if (sentTo !== undefined) {
    const error = sentTo.searchParams.get('error')
    const usual = error === null || /^(login|interaction|consent|account_selection)_required$/.test(error)
    return usual
      ? good(`It knows the client, with the redirect URI ${redirectUri}`)
      : doubtful(`It knows the redirect URI ${redirectUri}, but answers ${error}`, `check the client there (${page})`)
  }
  const remedy = `register ${redirectUri} for the client of ${client} (${page})`
  return status >= 400
    ? bad(`It refuses the client with the redirect URI ${redirectUri} (${status})`, remedy)
    : doubtful(`Its answer doesn’t show whether it knows the redirect URI ${redirectUri}`, remedy)
}

/** Providers first redirect a browser among their own pages. */
const mostHops = 5

/** Follows redirects as a browser does, with cookies, until one leads to the portal, which isn't followed. */
async function followUntil(
  from: URL,
  redirectUri: string,
  signal: AbortSignal,
): Promise<{ status: number; sentTo?: URL }> {
  const cookies = new Map<string, string>()
  let url = from
  for (let hop = 0; ; hop += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { redirect: 'manual', signal, ...(cookie !== '' && { headers: { cookie } }) })
    await answer.body?.cancel()
    const location = answer.headers.get('location')
    if (location === null || answer.status < 300 || answer.status > 399 || hop === mostHops)
      return { status: answer.status }
    const next = new URL(location, url)
    if (next.href.startsWith(redirectUri)) return { status: answer.status, sentTo: next }
    // Cookies are only sent to their own host.
    if (next.hostname !== url.hostname) cookies.clear()
    else
      for (const [name = '', value = ''] of answer.headers
        .getSetCookie()
        .map((line) => line.split(';')[0]?.split('=') ?? []))
        cookies.set(name, value)
    url = next
  }
}
