import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { helperPorts } from '#dev/cluster/arguments.ts'
import { buildControlPlane, buildMetricsServer } from '#dev/cluster/build.ts'
import { startControlPlane } from '#dev/cluster/control-plane.ts'
import { installIntoCluster } from '#dev/cluster/install.ts'
import type { Report } from '#dev/cluster/progress.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { databaseName } from '#dev/postgres/prepare-roles.ts'
import { startPostgres } from '#dev/postgres.ts'
import { prepareDatabase } from '#dev/prepare-database.ts'
import { lendClusters } from '#dev/testing/cluster/spare-clusters.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'

/** The backend of integration tests: a real Postgres with our schema, and a real API server with our manifests. */
export const testBackendSchema = z.object({
  /** Paths of kubeconfigs: of a cluster admin, and of Spaceport's two identities. */
  kubeAdmin: z.string(),
  kubeBroker: z.string(),
  kubeGateway: z.string(),
  /** A database with our schema without connections: each test file has a copy (own-database.ts). */
  template: z.object({
    /** The login of each process. */
    databaseUrls: z.object({ web: z.string(), worker: z.string(), gateway: z.string() }),
    /** The schema's owner, for test setup that the application may not do. */
    ownerDatabaseUrl: z.string(),
  }),
  /** The API server's audit log, JSON lines. */
  auditLog: z.string(),
  binaries: z.object({
    etcd: z.string(),
    kubeApiserver: z.string(),
    kubeControllerManager: z.string(),
    kubeScheduler: z.string(),
    kwok: z.string(),
    kubectl: z.string(),
  }),
  /** The URL of what lends further clusters (dev/testing/cluster/spare-clusters.ts). */
  lender: z.string(),
})
export type TestBackend = z.infer<typeof testBackendSchema>

/**
 * Starts such a backend on free ports, in a temporary folder that is removed when it stops.
 * @param options.report called with the progress, a line at a time
 * @param options.onExit called when a part exits unexpectedly
 */
export async function startTestBackend(options: {
  report: (line: string) => void
  onExit: (reason: string) => void
}): Promise<TestBackend & { stop: () => Promise<void> }> {
  const { report, onExit } = options
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-test-'))
  const started = performance.now()
  const tell = (line: string) => report(`${((performance.now() - started) / 1000).toFixed(1)} s: ${line}`)
  // When this is root, Postgres runs as another user, and must be able to reach it.
  chmodSync(dir, 0o711)
  const ports = await freePorts('postgres', 'apiserver', ...helperPorts)
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    await Promise.all(stops.splice(0).map((stopPart) => stopPart()))
    // A child of a killed process may still be writing.
    rmSync(dir, { recursive: true, force: true, maxRetries: 10 })
  }

  const startDatabase = async () => {
    const postgres = await startPostgres({
      dir: join(dir, 'postgres'),
      port: ports.postgres,
      fsync: false,
      report: () => {},
      onExit: () => onExit(`Postgres ended:\n${postgres.process.tail()}`),
    })
    stops.push(postgres.stop)
    await prepareDatabase(postgres)
    // Postgres copies only a database without connections.
    const elsewhere = Object.assign(new URL(postgres.ownerUrl), { pathname: '/postgres' }).href
    await ownerSql(elsewhere, `ALTER DATABASE ${databaseName} ALLOW_CONNECTIONS false`)
    tell('Postgres is ready')
    return { template: { databaseUrls: postgres.urls, ownerDatabaseUrl: postgres.ownerUrl } }
  }
  const startCluster = async () => {
    const report: Report = ({ part, state, detail }) => tell([part, state, detail].filter(Boolean).join(' '))
    const { binaries } = await buildControlPlane({ report })
    const metricsServer = buildMetricsServer(report)
    // Lent control planes wait for it too, and a test would give up while it is built.
    await metricsServer
    const controlPlane = await startControlPlane({
      dir: join(dir, 'cluster'),
      binaries,
      metricsServer,
      ports,
      fsync: false,
      // Tests read it from where they began: it stays one file.
      audit: { logMegabytes: 10_000 },
      report: () => {},
      onExit: (name, code, lines) => onExit(`${name} ended with status ${code}:\n${lines.join('\n')}`),
    })
    stops.push(controlPlane.stop)
    const lender = await lendClusters(join(dir, 'spares'), { binaries, metricsServer })
    stops.push(lender.stop)
    tell('the control plane is ready')
    const kubeconfig = controlPlane.adminKubeconfig
    const installed = await installIntoCluster({ kubeconfig, dir: join(dir, 'identities'), report: () => {} })
    tell('the manifests are installed')
    return {
      kubeAdmin: kubeconfig,
      kubeBroker: installed.brokerKubeconfig,
      kubeGateway: installed.gatewayKubeconfig,
      auditLog: controlPlane.auditLog,
      binaries,
      lender: lender.url,
    }
  }

  const [database, cluster] = await Promise.allSettled([startDatabase(), startCluster()])
  if (database.status === 'fulfilled' && cluster.status === 'fulfilled') {
    return { ...database.value, ...cluster.value, stop }
  }
  await stop()
  const failures = [database, cluster].filter((result) => result.status === 'rejected').map((result) => result.reason)
  throw failures.length === 1 ? failures[0] : new AggregateError(failures, failures.map(String).join('\n'))
}
