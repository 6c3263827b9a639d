import { once } from 'node:events'
import { createServer } from 'node:http'
import { createAttempts } from './attempts.ts'
import { type ClientOptions, createProvider } from './provider.ts'
import { keepSecrets } from './secrets.ts'
import { handleSignIn } from './sign-in.ts'

/** Serves the identity provider on loopback until `stop` is called. */
export async function startServer(options: {
  /** Keeps the keys. */
  dir: string
  port: number
  issuer: string
  client: ClientOptions
  /** Adds people to the demo ones, see people.ts. */
  peopleFile?: string
  log: (line: string) => void
}): Promise<{ stop: () => Promise<void> }> {
  const { peopleFile, log } = options
  const secrets = await keepSecrets(options.dir)
  const provider = createProvider({ issuer: options.issuer, client: options.client, secrets, peopleFile })
  provider.on('server_error', (_ctx, error) => log(`error: ${error.stack ?? error.message}`))
  provider.on('authorization.error', (_ctx, error) => log(`refused: ${error.message}`))
  provider.on('grant.error', (_ctx, error) => log(`refused: ${error.message}`))
  provider.on('backchannel.error', (_ctx, error) => log(`back-channel logout not delivered: ${error.message}`))
  const attempts = createAttempts(Date.now)
  const answer = provider.callback()
  const server = createServer((request, response) => {
    const pathname = URL.parse(request.url ?? '/', options.issuer)?.pathname
    if (pathname === undefined) {
      response.writeHead(400).end()
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
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
