import type { ConnectionOptions } from 'node:tls'
import type { KubeConfig } from '@kubernetes/client-node'
import { Agent, type Dispatcher, ProxyAgent } from 'undici'

/** What a request to an API server needs: pooled sockets and our credentials. */
export type Credentials = { dispatcher: Dispatcher; headers: Record<string, string> }

export type Connection = {
  serverUrl: string
  /** For short calls (`call`) or streams that stay open (`watch`); streams never take a call's socket. */
  credentials(purpose: 'call' | 'watch'): Promise<Credentials>
  /** Drops the cached credentials; the next request reads the kubeconfig's plugins and files again. */
  refresh(): void
  close(): Promise<void>
}

/** How long a token or certificate from a file or plugin is considered current, ms. */
const currentForMs = 10_000

/**
 * Keeps sockets to one API server alive. client-node creates an agent, and so does a TLS handshake, for each call
 * (docs/adr/0008-own-http-client-for-clusters.md). Here it only reads the kubeconfig and supplies our credentials.
 */
export function openConnection(config: KubeConfig, serverUrl: string): Connection {
  type Pools = { key: string; call: Dispatcher; watch: Dispatcher }
  let pools: Pools | undefined
  let known: { at: number; pools: Pools; headers: Record<string, string> } | undefined
  let asking: Promise<{ pools: Pools; headers: Record<string, string> }> | undefined

  const ask = async () => {
    const options: HttpsOptions = {}
    await config.applyToHTTPSOptions(options)
    const tls = tlsOf(options)
    const key = JSON.stringify(Object.values(tls).map(String))
    if (pools?.key !== key) {
      // Requests in flight on the old sockets finish; new requests take the new ones.
      if (pools) void Promise.all([pools.call.close(), pools.watch.close()])
      pools = { key, call: openPool(config, tls, 64), watch: openPool(config, tls, null) }
    }
    known = { at: performance.now(), pools, headers: headersOf(options) }
    return known
  }
  const current = async () => {
    if (known && performance.now() - known.at < currentForMs) return known
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return await asking
  }
  return {
    serverUrl,
    async credentials(purpose) {
      const found = await current()
      return { dispatcher: found.pools[purpose], headers: found.headers }
    },
    refresh() {
      known = undefined
    },
    async close() {
      await Promise.all([pools?.call.destroy(), pools?.watch.destroy()])
    },
  }
}

type HttpsOptions = Parameters<KubeConfig['applyToHTTPSOptions']>[0]
type TlsOptions = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'rejectUnauthorized' | 'servername'
>

const tlsOf = (options: HttpsOptions): TlsOptions => ({
  ...(options.ca && { ca: options.ca }),
  ...(options.cert && { cert: options.cert }),
  ...(options.key && { key: options.key }),
  ...(options.pfx && { pfx: options.pfx }),
  ...(options.passphrase && { passphrase: options.passphrase }),
  ...(options.rejectUnauthorized !== undefined && { rejectUnauthorized: options.rejectUnauthorized }),
  ...(options.servername && { servername: options.servername }),
})

function headersOf(options: HttpsOptions): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = String(value)
  if (options.auth) headers.authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`
  return headers
}

function openPool(config: KubeConfig, tls: TlsOptions, connections: number | null): Dispatcher {
  const proxying = config.createDispatcherOptions(config.getCurrentCluster(), tls)
  const pooling = {
    connections,
    // HTTP/2 made a read after a write 20 times slower on a real API server.
    allowH2: false,
    keepAliveTimeout: 60_000,
    keepAliveMaxTimeout: 300_000,
  }
  switch (proxying.type) {
    case 'agent':
    case 'none':
      return new Agent({
        ...pooling,
        connect: { ...tls, timeout: 5000, keepAlive: true, keepAliveInitialDelay: 30_000 },
      })
    case 'proxy':
      return new ProxyAgent({ ...pooling, uri: proxying.uri, requestTls: tls })
    case 'socks':
      throw new Error('A kubeconfig with a SOCKS proxy is not supported; use an HTTP proxy.')
  }
}
