import type { AddressInfo } from 'node:net'
import { clusterAuditConnections } from '#lib/kernel/db/max-connections.ts'
import { createPool } from '#lib/kernel/db/pool.ts'
import { waysToPostgres } from '#lib/kernel/db/ways-to-postgres.ts'
import type { Logger } from '#lib/observability/logger.ts'
import { withDeadline } from '#lib/time/with-deadline.ts'
import { followCertificate, openCertificate } from '#lib/tls/certificate.ts'
import { createAuditReceiver } from './audit-receiver.ts'

type Config = {
  DATABASE_URL: string
  DATABASE_DIRECT_URL?: string
  WORKER_AUDIT_LISTEN: string
  WORKER_AUDIT_TLS_CERT: string
  WORKER_AUDIT_TLS_KEY: string
  WORKER_AUDIT_CONTROLLERS: readonly string[]
}

const drainMs = 10_000

/**
 * Listens for the clusters' audit, if an address is configured.
 * @returns the port, and a function that stops after finishing current batches
 * @throws ConfigurationError when the certificate can’t be used
 */
export async function startAuditReceiver(
  config: Config,
  { log, clock }: { log: Logger; clock: () => Date },
): Promise<{ port: number | undefined; stop(): Promise<void> }> {
  const listen = config.WORKER_AUDIT_LISTEN
  if (listen === '') return { port: undefined, stop: async () => {} }
  const paths = { cert: config.WORKER_AUDIT_TLS_CERT, key: config.WORKER_AUDIT_TLS_KEY }
  const certificate = openCertificate(paths, { cert: 'WORKER_AUDIT_TLS_CERT', key: 'WORKER_AUDIT_TLS_KEY' })
  const { url, throughPooler } = waysToPostgres(config).queries
  const pool = createPool(
    url,
    { process: 'worker', max: clusterAuditConnections, throughPooler, applicationName: 'spaceport-worker-audit' },
    (error) => log.warn({ error }, 'a database connection was lost'),
  )
  const ignored = new Set(config.WORKER_AUDIT_CONTROLLERS)
  const monotonic = () => performance.now()
  const server = createAuditReceiver({ pool, ignored, clock, monotonic, log }, certificate)
  const following = followCertificate({
    paths,
    current: certificate,
    use: ({ cert, key }) => server.setSecureContext({ cert, key, minVersion: 'TLSv1.2' }),
    log,
  })
  const at = listen.lastIndexOf(':')
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(Number(listen.slice(at + 1)), listen.slice(0, at) || '0.0.0.0', resolve)
  })
  const { port } = server.address() as AddressInfo
  log.info({ port }, 'the audit of clusters is received')
  return {
    port,
    async stop() {
      following.close()
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
      server.closeIdleConnections()
      await withDeadline(closed, drainMs, () => server.closeAllConnections())
      await pool.end()
    },
  }
}
