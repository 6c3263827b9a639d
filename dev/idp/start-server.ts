import { once } from 'node:events'
import { createServer } from 'node:http'
import { createAttempts } from './attempts.ts'
import { type ClientOptions, createProvider, type SigningAlgorithm } from './provider.ts'
import { keepSecrets } from './secrets.ts'
import { handleSignIn } from './sign-in.ts'

/** Serves the identity provider on loopback until `stop` is called. */
export async function startServer(options: {
  /** The folder of the keys. */
  dir: string
  port: number
  issuer: string
  client: ClientOptions
  /** Adds people to the demo ones, see people.ts. */
  peopleFile?: string
  /** Redirects browsers through another origin in both directions, as providers that delegate sign-in do. */
  hop?: boolean
  /** The algorithm of ID tokens; default: RS256. */
  algorithm?: SigningAlgorithm
  log: (line: string) => void
}): Promise<{ setClientSecret: (secret: string) => Promise<void>; stop: () => Promise<void> }> {
  const { peopleFile, log } = options
  const algorithm = options.algorithm ?? 'RS256'
  const secrets = await keepSecrets(options.dir, algorithm)
  const provider = createProvider({ issuer: options.issuer, client: options.client, secrets, algorithm, peopleFile })
  provider.on('server_error', (_ctx, error) => log(`error: ${error.stack ?? error.message}`))
  provider.on('authorization.error', (_ctx, error) => log(`refused: ${error.message}`))
  provider.on('grant.error', (_ctx, error) => log(`refused: ${error.message}`))
  provider.on('backchannel.error', (_ctx, error) => log(`back-channel logout not delivered: ${error.message}`))
  const attempts = createAttempts(Date.now)
  const answer = provider.callback()
  const server = createServer((request, response) => {
    const url = URL.parse(request.url ?? '/', options.issuer)
    if (url === null) {
      response.writeHead(400).end()
      return
    }
    const { pathname } = url
    const over = options.hop && request.method === 'GET' ? nextHop(url, options) : undefined
    if (over !== undefined) {
      const visited = pathname === '/hop' ? { 'set-cookie': `hop-${url.searchParams.get('to')}=1; Path=/hop` } : {}
      response.writeHead(303, { location: over, 'cache-control': 'no-store', ...visited }).end()
      return
    }
    if (pathname === '/healthz') {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok')
      return
    }
    if (!pathname.startsWith('/interaction/')) {
      void answer(request, response)
      return
    }
    handleSignIn({ provider, attempts, peopleFile, request, response }).catch((error: unknown) => {
      log(`error: ${error instanceof Error ? error.stack : String(error)}`)
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  return {
    /** Replaces the portal's client secret, as an operator does there; nothing else changes. */
    setClientSecret: async (secret) => {
      const client = await provider.Client.find(options.client.id)
      if (client) Object.assign(client, { clientSecret: secret })
    },
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** To browsers, a different origin from `localhost`. */
const otherHost = '127.0.0.1'

/** @returns where to redirect a browser before its request is handled; undefined once it has been there */
function nextHop(url: URL, { issuer, port }: { issuer: string; port: number }): string | undefined {
  if (url.pathname === '/hop') {
    const back = new URL(issuer)
    back.pathname = url.searchParams.get('to') === 'out' ? '/session/end' : '/auth'
    back.search = url.search
    return back.href
  }
  if (url.searchParams.has('to') || !['/auth', '/session/end'].includes(url.pathname)) return undefined
  const over = new URL(`http://${otherHost}:${port}/hop${url.search}`)
  over.searchParams.set('to', url.pathname === '/auth' ? 'in' : 'out')
  return over.href
}
