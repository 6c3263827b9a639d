/**
 * Answers as Microsoft Entra ID and Microsoft Graph document
 * (learn.microsoft.com/entra/identity-platform/id-token-claims-reference,
 * learn.microsoft.com/graph/api/user-list-transitivememberof), on one port of this machine. `sub` is pairwise: another
 * client, or a new registration of the same one, gets another.
 */
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

export type EntraPerson = {
  oid: string
  name: string
  email: string
  /** Object ids of security groups, nested ones included. */
  groups: string[]
  /** App roles. */
  roles?: string[]
  /** Replaces claims of the ID token, or adds to them; undefined removes one. */
  claims?: Record<string, unknown>
  userinfo?: Record<string, unknown>
}

type Answer = { status?: number; body?: unknown; headers?: Record<string, string> }
type Grant = { person: string; nonce?: string; challenge?: string; scope: string }

/** Entra lists at most this many groups in a token. */
const maxInToken = 200
const pageSize = 100
const membersPath = '/v1.0/me/transitiveMemberOf'

export async function startEntraStandIn({ port, clientId }: { port: number; clientId: string }) {
  const tenant = randomUUID()
  const origin = `http://localhost:${port}`
  const issuer = `${origin}/${tenant}/v2.0`
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'entra', use: 'sig' }
  const people = new Map<string, EntraPerson>()
  const [codes, refreshTokens, accessTokens] = [
    new Map<string, Grant>(),
    new Map<string, Grant>(),
    new Map<string, Grant>(),
  ]
  const state = {
    registration: randomUUID(),
    /** Whether the app has the delegated permission GroupMember.Read.All. */
    isPermitted: true,
    /** Replaces Graph's answer about memberships. */
    graph: undefined as ((url: URL) => Answer | Promise<Answer>) | undefined,
    asked: [] as { path: string; authorization: string | undefined }[],
  }

  const personOf = (name: string): EntraPerson => {
    const person = people.get(name)
    if (!person) throw new Error(`no person is called ${name}`)
    return person
  }
  const subOf = ({ oid, claims }: EntraPerson): string =>
    typeof claims?.sub === 'string'
      ? claims.sub
      : createHash('sha256').update(`${state.registration} ${oid}`).digest('base64url')

  function claimsOf(person: EntraPerson): Record<string, unknown> {
    const isOver = person.groups.length > maxInToken
    return {
      ...{ ver: '2.0', tid: tenant, oid: person.oid, sub: subOf(person), uti: randomUUID(), rh: '0.A' },
      ...{ name: person.name, preferred_username: person.email, email: person.email },
      ...(person.roles && { roles: person.roles }),
      ...(isOver
        ? {
            _claim_names: { groups: 'src1' },
            // Retired by Microsoft; a token still has it.
            _claim_sources: { src1: { endpoint: `${origin}/trap/${tenant}/users/${person.oid}/getMemberObjects` } },
          }
        : person.groups.length > 0 && { groups: person.groups }),
      ...person.claims,
    }
  }

  const sign = (claims: Record<string, unknown>, typ = 'JWT') =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: jwk.kid, typ })
      .setIssuer(issuer)
      .setAudience(clientId)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey)

  async function tokens(request: IncomingMessage): Promise<Answer> {
    const form = new URLSearchParams(await text(request))
    const isCode = form.get('grant_type') === 'authorization_code'
    const key = form.get(isCode ? 'code' : 'refresh_token') ?? ''
    const grant = (isCode ? codes : refreshTokens).get(key)
    if (isCode) codes.delete(key)
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!grant || !people.has(grant.person) || (isCode && verifier !== grant.challenge))
      return { status: 400, body: { error: 'invalid_grant' } }
    const [access, refresh] = [`at-${randomUUID()}`, `rt-${randomUUID()}`]
    accessTokens.set(access, grant)
    refreshTokens.set(refresh, grant)
    const { nonce } = grant
    return {
      body: {
        ...{ token_type: 'Bearer', expires_in: 3_600, scope: grant.scope, access_token: access },
        id_token: await sign({ ...claimsOf(personOf(grant.person)), ...(isCode && nonce !== undefined && { nonce }) }),
        ...(grant.scope.includes('offline_access') && { refresh_token: refresh }),
      },
    }
  }

  function memberships(person: EntraPerson, url: URL): Answer {
    const at = Number(url.searchParams.get('$skiptoken') ?? 0)
    const shown = person.groups.slice(at, at + pageSize)
    const next = new URL(url)
    next.searchParams.set('$skiptoken', String(at + pageSize))
    return {
      body: {
        '@odata.context': `${origin}/v1.0/$metadata#directoryObjects(id,securityEnabled)`,
        value: [
          ...shown.map((id) => ({
            '@odata.type': '#microsoft.graph.group',
            id,
            securityEnabled: state.isPermitted ? true : null,
          })),
          ...(at === 0 ? [{ '@odata.type': '#microsoft.graph.directoryRole', id: randomUUID() }] : []),
        ],
        ...(at + pageSize < person.groups.length && { '@odata.nextLink': next.href }),
      },
    }
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', origin)
    const { authorization } = request.headers
    state.asked.push({ path: url.pathname, authorization })
    const below = `/${tenant}`
    if (url.pathname === `${below}/v2.0/.well-known/openid-configuration`)
      return {
        body: {
          issuer,
          authorization_endpoint: `${origin}${below}/oauth2/v2.0/authorize`,
          token_endpoint: `${origin}${below}/oauth2/v2.0/token`,
          jwks_uri: `${origin}${below}/discovery/v2.0/keys`,
          userinfo_endpoint: `${origin}/oidc/userinfo`,
          end_session_endpoint: `${origin}${below}/oauth2/v2.0/logout`,
          token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
          subject_types_supported: ['pairwise'],
          id_token_signing_alg_values_supported: ['RS256'],
          scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
        },
      }
    // For every tenant, the document has a placeholder as the issuer.
    if (url.pathname === '/common/v2.0/.well-known/openid-configuration')
      return { body: { issuer: `${origin}/{tenantid}/v2.0` } }
    if (url.pathname === `${below}/discovery/v2.0/keys`) return { body: { keys: [jwk] } }
    if (url.pathname === `${below}/oauth2/v2.0/token`) return tokens(request)
    const grant = accessTokens.get(authorization?.replace('Bearer ', '') ?? '')
    if (!grant) return { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } }
    const person = personOf(grant.person)
    if (url.pathname === '/oidc/userinfo') {
      const { name, email } = person
      return { body: { sub: subOf(person), name, email, ...person.userinfo } }
    }
    if (url.pathname !== membersPath) return { status: 404 }
    return state.graph ? state.graph(url) : memberships(person, url)
  }

  const server = createServer(async (request, response) => {
    const { status = 200, body, headers } = await answer(request)
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')

  return {
    issuer,
    origin,
    state,
    subOf: (name: string) => subOf(personOf(name)),
    person(name: string, more: Partial<EntraPerson> = {}): EntraPerson {
      const person = { oid: randomUUID(), name, email: `${name}@example.com`, groups: [], ...people.get(name), ...more }
      people.set(name, person)
      return person
    },
    remove: (name: string) => void people.delete(name),
    /** The redirect for a person's browser after the sign-in. */
    callbackFor(authorizeUrl: string, person: string): string {
      const { searchParams } = new URL(authorizeUrl)
      const of = (name: string) => searchParams.get(name) ?? ''
      const code = randomUUID()
      codes.set(code, {
        ...{ person, nonce: of('nonce'), challenge: of('code_challenge'), scope: of('scope') },
      })
      const back = new URL(of('redirect_uri'))
      back.searchParams.set('code', code)
      back.searchParams.set('state', of('state'))
      return back.href
    },
    /** Entra sends none; other providers with a claim of their own do. */
    logoutToken: (claims: Record<string, unknown>) =>
      sign(
        { jti: randomUUID(), events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, ...claims },
        'logout+jwt',
      ),
    setClientSecret: async () => {},
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

export type EntraStandIn = Awaited<ReturnType<typeof startEntraStandIn>>
