import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import type { ClusterAccess } from '#lib/kubeconfig/cluster-access.ts'
import { CredentialError } from '#lib/kubeconfig/credential-error.ts'
import { openLogin } from '#lib/kubeconfig/open-login.ts'

export type Credentials = { dispatcher: Dispatcher; headers: Record<string, string> }

export type Connection = {
  serverUrl: string
  /**
   * For short calls (`call`) or streams that stay open (`watch`); streams never take a call's socket.
   * @throws CredentialError when there are none, or none before the signal is aborted
   */
  credentials(purpose: 'call' | 'watch', signal: AbortSignal): Promise<Credentials>
  /** The next request reads the kubeconfig's plugins and files again. */
  refresh(): void
  close(): Promise<void>
}

/** How long a token or certificate from a file or plugin is considered current, ms. */
const currentForMs = 10_000

/**
 * Keeps sockets to one API server alive (docs/adr/0008-our-own-kubernetes-clients.md).
 * @throws ConfigurationError when a file with credentials can't be used
 */
export function openConnection(access: ClusterAccess): Connection {
  type Pools = { key: string; call: Dispatcher; watch: Dispatcher }
  type Current = { at: number; pools: Pools; headers: Record<string, string> }
  const login = openLogin(access)
  let pools: Pools | undefined
  let known: Current | undefined
  let asking: Promise<Current> | undefined

  const ask = async () => {
    const { tls, token } = await login.current()
    const key = JSON.stringify(tls)
    if (pools?.key !== key) {
      if (pools) void Promise.all([pools.call.close(), pools.watch.close()])
      const options = { ...tls, servername: access.serverName }
      pools = { key, call: openPool(access, options, 64), watch: openPool(access, options, null) }
    }
    known = { at: performance.now(), pools, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } }
    return known
  }
  const current = async (signal: AbortSignal) => {
    if (known && performance.now() - known.at < currentForMs) return known
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return await unlessAborted(asking, signal, access.called.user)
  }
  return {
    serverUrl: access.server,
    async credentials(purpose, signal) {
      const found = await current(signal)
      return { dispatcher: found.pools[purpose], headers: found.headers }
    },
    refresh() {
      known = undefined
      login.refused()
    },
    async close() {
      await Promise.all([pools?.call.destroy(), pools?.watch.destroy()])
    },
  }
}

/**
 * A plugin may take longer than a request may; the next request uses its result. Nothing else makes requests wait for
 * credentials.
 */
async function unlessAborted<T>(asking: Promise<T>, signal: AbortSignal, user: string): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(new CredentialError(`the plugin of user “${user}” has not answered yet`))
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  try {
    return await Promise.race([asking, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

type TlsOptions = Readonly<Record<'ca' | 'cert' | 'key' | 'servername', string | undefined>>

function openPool({ proxyUrl }: ClusterAccess, tls: TlsOptions, connections: number | null): Dispatcher {
  const pooling = {
    connections,
    // HTTP/2 made a read after a write 20 times slower on a real API server.
    allowH2: false,
    keepAliveTimeout: 60_000,
    keepAliveMaxTimeout: 300_000,
  }
  if (proxyUrl !== undefined) return new ProxyAgent({ ...pooling, uri: proxyUrl, requestTls: tls })
  return new Agent({ ...pooling, connect: { ...tls, timeout: 5000, keepAlive: true, keepAliveInitialDelay: 30_000 } })
}
