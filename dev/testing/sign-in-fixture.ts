import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import pg from 'pg'
import { expect } from 'vitest'
import type { PersonEntry } from '#dev/idp/people.ts'
import type { SigningAlgorithm } from '#dev/idp/provider.ts'
import { startServer } from '#dev/idp/start-server.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { createAuditWriter } from '#lib/audit/audit-writer.ts'
import type { AuthServices } from '#lib/auth/auth-services.ts'
import { authSettings, furtherSettings } from '#lib/auth/auth-settings.ts'
import { backchannelLogout } from '#lib/auth/backchannel-logout.ts'
import { servicesById } from '#lib/auth/choose-provider.ts'
import { endSession } from '#lib/auth/end-session.ts'
import { beginSignIn, finishSignIn } from '#lib/auth/handle-sign-in.ts'
import { createIdentityProvider } from '#lib/auth/identity-provider.ts'
import { readSession } from '#lib/auth/read-session.ts'
import { signInSealed } from '#lib/auth/sealed-sign-in.ts'
import { signInAgain } from '#lib/auth/sign-in-again.ts'
import { createSignInLimits } from '#lib/auth/sign-in-limits.ts'
import { readWebConfig } from '#lib/config/config.ts'
import type { FurtherProvider } from '#lib/config/further-providers.ts'
import { presetNextAuthEnvironment } from '#lib/config/next-auth-environment.ts'
import { createDb } from '#lib/db/client.ts'
import { createPool } from '#lib/db/pool.ts'
import { createLogger } from '#lib/observability/logger.ts'
import { ownDatabase } from './own-database.ts'

type StandIn = { issuer: string; setClientSecret: (secret: string) => Promise<void>; stop: () => Promise<void> }

type Options = {
  /** Whether the provider says which person was signed out rather than which session. */
  logoutBySubject?: boolean
  withoutRefreshTokens?: boolean
  /** Besides the main provider, another one with this id, and what else its entry says. */
  further?: { id: string } & Partial<FurtherProvider>
  /** A provider in place of the development one. */
  standIn?: (at: { port: number; clientId: string }) => Promise<StandIn>
  /** Settings of the portal in place of its defaults. */
  environment?: Readonly<Record<string, string>>
}

/** The development identity provider, and sign-in on a port of its own in front of the real database; browsers to try them. */
export async function openSignInFixture({
  logoutBySubject = false,
  withoutRefreshTokens = false,
  further,
  standIn,
  environment = {},
}: Options = {}) {
  const database = await ownDatabase()
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-sign-in-'))
  const peopleFile = join(dir, 'people.json')
  const ports = await freePorts('portal', 'idp', 'further')
  const origin = `http://localhost:${ports.portal}`
  const clientId = 'spaceport'
  const started = standIn && (await standIn({ port: ports.idp, clientId }))
  const issuer = started?.issuer ?? `http://localhost:${ports.idp}`
  const client = {
    id: clientId,
    secret: randomBytes(24).toString('hex'),
    origin,
    logoutBySubject,
    withoutRefreshTokens,
  }
  const startProvider = (algorithm: SigningAlgorithm) =>
    startServer({ dir, port: ports.idp, issuer, client, peopleFile, algorithm, log: () => {} })
  let idp = started ?? (await startProvider('RS256'))
  const partner = further && (await startFurther(further))

  /** A provider like the main one, with people and keys of its own. */
  async function startFurther({ id, ...entry }: NonNullable<Options['further']>) {
    const folder = join(dir, id)
    mkdirSync(folder)
    const own = {
      issuer: `http://localhost:${ports.further}`,
      dir: folder,
      port: ports.further,
      peopleFile: join(folder, 'people.json'),
      client: { ...client, id: `spaceport-at-${id}`, secret: randomBytes(24).toString('hex'), providerId: id },
    }
    const nobody = { adminGroups: [], auditorGroups: [], admins: [], auditors: [] }
    const unlimited = { signInGroups: [], signInDomains: [] }
    const claims = { groupsClaim: 'groups', groupsOverage: 'refuse', subjectClaim: 'sub' }
    const defaults = { scopes: '', otherClientSecret: null, ...claims, ...nobody, ...unlimited }
    const configured: FurtherProvider = {
      ...defaults,
      ...{ id, name: `The ${id}`, issuer: own.issuer, clientId: own.client.id, clientSecret: own.client.secret },
      ...entry,
    }
    return { ...own, configured, ...(await startServer({ ...own, log: () => {} })) }
  }

  const { web: databaseUrl } = database.databaseUrls
  const db = createDb(databaseUrl, { process: 'web', max: 4, applicationName: 'test-sign-in' })
  const pool = createPool(databaseUrl, { process: 'web', max: 4, applicationName: 'test-sign-in' })
  const owner = new pg.Pool({ connectionString: database.ownerDatabaseUrl, max: 2 })
  const trail = createAuditWriter(pool, { maxQueue: 100 })
  const time = { offsetMs: 0 }
  presetNextAuthEnvironment(origin)
  const config = readWebConfig({
    SPACEPORT_URL: origin,
    SPACEPORT_GATEWAY_URL: 'https://gateway.test',
    SPACEPORT_NAMESPACE_PREFIX: 'none',
    SPACEPORT_ADMIN_GROUPS: 'platform-admins',
    SPACEPORT_AUDITOR_GROUPS: 'auditors',
    DATABASE_URL: databaseUrl,
    NEXTAUTH_SECRET: randomBytes(24).toString('hex'),
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: client.id,
    OIDC_CLIENT_SECRET: client.secret,
    ...environment,
  })
  const settings = authSettings(config)
  const services: AuthServices = {
    db,
    pool,
    trail,
    log: createLogger('test', 'fatal'),
    clock: () => new Date(Date.now() + time.offsetMs),
    randomBytes: (size) => randomBytes(size),
    provider: createIdentityProvider(issuer),
    limits: createSignInLimits(pool),
    settings,
    further: partner
      ? [
          {
            settings: furtherSettings(settings, partner.configured),
            provider: createIdentityProvider(partner.configured.issuer),
          },
        ]
      : [],
  }
  const from = (address: string) => ({
    observer: 'web/test' as const,
    requestId: 'test',
    sourceAddress: address,
    userAgent: 'test',
  })
  // Each fixture has its own source address (64 bits of IPv6): the limits count in the database.
  const address = `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}::1`
  const answer = (request: Request): Promise<Response> => {
    const path = new URL(request.url).pathname
    const [, verb, id = ''] = /^\/api\/auth\/(signin|callback)\/([a-z]+)$/.exec(path) ?? []
    const chosen = servicesById(services, id)
    if (verb === 'signin' && chosen) return beginSignIn(chosen, request, from(address))
    if (verb === 'callback' && chosen) return finishSignIn(chosen, request, from(address))
    if (path === '/api/auth/signin/again') return signInAgain(services, request, from(address))
    if (path === '/api/auth/sign-out') return endSession(services, request, from(address))
    if (path === '/api/auth/sealed') return signInSealed(services, request, from(address))
    if (path === '/api/auth/backchannel-logout') return backchannelLogout(services, request, from(address))
    return Promise.resolve(new Response('page'))
  }
  const server = createServer(async (incoming, outgoing) => {
    // Next answers with a 5xx when a handler throws.
    const response = await toRequest(incoming, origin)
      .then(answer)
      .catch(() => new Response(null, { status: 500 }))
    const cookies = response.headers.getSetCookie()
    outgoing.writeHead(response.status, {
      ...Object.fromEntries(response.headers),
      ...(cookies.length > 0 && { 'set-cookie': cookies }),
    })
    outgoing.end(Buffer.from(await response.arrayBuffer()))
  })
  server.listen(ports.portal, '127.0.0.1')
  await once(server, 'listening')

  return {
    services,
    pool,
    origin,
    issuer,
    client,
    owner,
    ownerDatabaseUrl: database.ownerDatabaseUrl,
    time,
    /** The other provider. @throws Error if the fixture has none */
    further() {
      if (!partner) throw new Error('there is one provider')
      return {
        id: partner.configured.id,
        issuer: partner.issuer,
        clientId: partner.client.id,
        /** What it signs with. */
        key: () => JSON.parse(readFileSync(join(partner.dir, 'secrets.json'), 'utf8')).keys[0],
        setPeople: (people: readonly PersonEntry[]) => writeFileSync(partner.peopleFile, JSON.stringify(people)),
      }
    },
    /** Changes what the provider says of people. */
    setPeople: (people: readonly PersonEntry[]) => writeFileSync(peopleFile, JSON.stringify(people)),
    /** Replaces the portal's secret at the provider. */
    setClientSecret: (secret: string) => idp.setClientSecret(secret),
    /** Stops the provider while something is done. */
    async withoutProvider<T>(act: () => Promise<T>): Promise<T> {
      await idp.stop()
      try {
        return await act()
      } finally {
        idp = await startProvider('RS256')
      }
    },
    /** Restarts the provider with other keys: everyone is signed out there. */
    async replaceProvider(algorithm: SigningAlgorithm = 'RS256') {
      await idp.stop()
      rmSync(join(dir, 'secrets.json'))
      idp = await startProvider(algorithm)
    },
    /** @param configured the provider that sessions are checked against; another one is like a change of OIDC_ISSUER */
    browser: (configured = issuer) =>
      createBrowser({
        origin,
        issuer,
        issuers: [issuer, ...(partner ? [partner.issuer] : [])],
        readToken: (token) =>
          readSession(
            {
              ...services,
              pool,
              issuers: [configured, ...(partner ? [partner.issuer] : [])],
              policy: { adminMinutes: 0, pushedPrivilegedGroups: config.SPACEPORT_PUSHED_PRIVILEGED_GROUPS },
            },
            token,
          ),
      }),
    async close() {
      server.close()
      server.closeAllConnections()
      await Promise.all([idp.stop(), partner?.stop().catch(() => undefined)])
      await trail.close()
      await Promise.all([db.$disconnect(), pool.end(), owner.end()])
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function toRequest(incoming: IncomingMessage, origin: string): Promise<Request> {
  const body = await buffer(incoming)
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, [value ?? ''].flat().join(', '))
  return new Request(new URL(incoming.url ?? '/', origin), {
    method: incoming.method ?? 'GET',
    headers,
    ...(incoming.method === 'POST' && { body: new Uint8Array(body) }),
  })
}

type BrowserOptions = {
  origin: string
  issuer: string
  issuers: readonly string[]
  readToken: (token: string | undefined) => ReturnType<typeof readSession>
}

/** What a browser does here: cookies by name (both ends are localhost), redirects one at a time, forms. */
function createBrowser({ origin, issuer, issuers, readToken }: BrowserOptions) {
  const cookies = new Map<string, string>()
  async function send(url: string, init: RequestInit & { form?: Record<string, string> } = {}): Promise<Response> {
    const { form, ...rest } = init
    const response = await fetch(url, {
      redirect: 'manual',
      ...rest,
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form && { origin: new URL(url).origin }),
        ...rest.headers,
      },
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';')
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
      if (value === '' || /max-age=0/i.test(cookie)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }
  const locationOf = (response: Response) => new URL(response.headers.get('location') ?? '', response.url).href
  /** @returns where one of our pages redirects by itself */
  async function goesOnTo(response: Response): Promise<string> {
    expect(response.status).toBe(200)
    const [, url = ''] = /http-equiv="refresh" content="0;url=([^"]+)"/.exec(await response.text()) ?? []
    return url.replaceAll('&#38;', '&')
  }

  /** @returns the URL that the provider sends the browser back to */
  async function reachCallback(person: string, callbackUrl = '/', provider = 'oidc'): Promise<string> {
    let at = await goesOnTo(await send(`${origin}/api/auth/signin/${provider}`, { form: { callbackUrl } }))
    for (let hop = 0; hop < 10 && issuers.some((one) => at.startsWith(`${one}/`)); hop++) {
      const interaction = new URL(at).pathname.startsWith('/interaction/')
      at = locationOf(await send(at, interaction ? { form: { username: person, password: person } } : {}))
    }
    return at
  }
  return {
    cookies,
    send,
    locationOf,
    goesOnTo,
    reachCallback,
    /** @returns where the browser ends up after the provider's answer was handled */
    async signIn(person: string, callbackUrl?: string, provider?: string): Promise<string> {
      return locationOf(await send(await reachCallback(person, callbackUrl, provider)))
    },
    /**
     * Signs out at the provider, which notifies the portal directly, without the browser.
     * @param at where a page of the portal's went on to; without it, straight there
     */
    async signOutAtProvider(at = `${issuer}/session/end`): Promise<void> {
      const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(await (await send(at)).text()) ?? []
      await send(`${new URL(at).origin}/session/end/confirm`, { form: { xsrf, logout: 'yes' } })
    },
    token: () => cookies.get('spaceport-session'),
    session: () => readToken(cookies.get('spaceport-session')),
  }
}
