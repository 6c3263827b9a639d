import { ask, jsonOf } from './ask.mjs'
import { reasonOf } from './steps.mjs'

/** Error codes of a server that doesn't answer. */
const unreached = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']
/** Error codes of a certificate from a CA that people’s browsers may trust, but this pod doesn’t. */
const unknownCa = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]

/**
 * Where to ask the portal: at its URL as people do, or, if that is unreachable from inside the cluster, at its Service.
 * If something else answers there, or with an expired certificate or one for another name, the next steps fail.
 * @returns {Promise<{ base: string, why?: string }>}
 */
export async function findPortal({ url, service }) {
  try {
    await ask(new URL('/api/healthz', url))
    return { base: url }
  } catch (error) {
    if (![...unreached, ...unknownCa].includes(error.code)) return { base: url }
    return { base: service, why: `${url} can’t be reached from inside the cluster (${reasonOf(error)})` }
  }
}

const pageHeaders = {
  'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/,
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^DENY$/,
  'referrer-policy': /same-origin/,
  'cache-control': /no-store/,
}

/** @throws Error when the sign-in page, or a header that protects it, is missing */
export async function signInPage(base, { url }) {
  const { status, headers, text } = await ask(new URL('/sign-in', base))
  if (status !== 200 || !text.includes('action="/api/auth/signin/oidc"'))
    throw new Error(`${base}/sign-in answers ${status} without the portal’s sign-in page`)
  const wanted = { ...pageHeaders, ...(url.startsWith('https:') && { 'strict-transport-security': /max-age=/ }) }
  const wrong = Object.keys(wanted).filter((name) => !wanted[name].test(headers[name] ?? ''))
  if (wrong.length > 0) throw new Error(`these headers are missing or wrong: ${wrong.join(', ')}`)
}

/** @throws Error when anything is shown without a session */
export async function requiresSession(base) {
  const page = await ask(new URL('/profile', base))
  const to = page.headers.location ?? ''
  if (page.status !== 307 || !to.startsWith('/sign-in'))
    throw new Error(`/profile answers ${page.status} without a session, and doesn’t redirect to the sign-in page`)
  const route = await ask(new URL('/api/me/live', base))
  if (route.status !== 401) throw new Error(`/api/me/live answers ${route.status} without a session, not 401`)
}

/**
 * @returns the provider's discovery document;
 * @throws Error when it isn't the configured one's
 */
export async function discover({ issuer }) {
  const bare = (text) => String(text).replace(/\/+$/, '')
  const answer = await ask(`${bare(issuer)}/.well-known/openid-configuration`)
  if (answer.status !== 200) throw new Error(`its discovery document answers ${answer.status}`)
  const document = jsonOf(answer)
  if (bare(document.issuer) !== bare(issuer)) throw new Error(`its issuer is ${document.issuer}, not ${issuer}`)
  return document
}

/**
 * Starts a sign-in without a browser, and stops where the portal redirects.
 * @throws Error when that isn't the provider, or the request lacks a parameter that makes it safe
 */
export async function startsSignIn(base, { url, provider, document }) {
  const csrf = await ask(new URL('/api/auth/csrf', base))
  const cookie = (csrf.headers['set-cookie'] ?? []).map((line) => line.split(';', 1)[0]).join('; ')
  const { status, headers } = await ask(new URL('/api/auth/signin/oidc', base), {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrfToken: jsonOf(csrf).csrfToken, callbackUrl: '/' }).toString(),
  })
  const to = URL.parse(headers.location ?? '')
  const endpoint = new URL(document.authorization_endpoint)
  if (to?.origin !== endpoint.origin || to.pathname !== endpoint.pathname) {
    const said = to?.searchParams.get('error')
    const where = to ? `${to.origin}${to.pathname}` : 'nowhere'
    throw new Error(`it redirects to ${where} (${said ?? status}), not to ${endpoint.origin}${endpoint.pathname}`)
  }
  const wanted = {
    client_id: provider.clientId,
    redirect_uri: `${new URL(url).origin}/api/auth/callback/oidc`,
    response_type: 'code',
    code_challenge_method: 'S256',
  }
  const wrong = Object.keys(wanted).filter((name) => to.searchParams.get(name) !== wanted[name])
  const missing = ['code_challenge', 'state', 'nonce'].filter((name) => !to.searchParams.get(name))
  if (wrong.length + missing.length > 0)
    throw new Error(`these parameters are missing or wrong: ${[...wrong, ...missing].join(', ')}`)
  return `to ${endpoint.origin}, back to ${wanted.redirect_uri}`
}
