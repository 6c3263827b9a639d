import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ExecServer, startExecServer } from '#dev/cluster/exec/start-exec-server.ts'
import { describeExit, type ManagedProcess, startProcess } from '#dev/process/managed-process.ts'
import {
  apiserverArguments,
  type ControlPlanePorts,
  controllerManagerArguments,
  etcdArguments,
  kwokArguments,
  metricsServerArguments,
  schedulerArguments,
} from './arguments.ts'
import type { Binaries } from './build.ts'
import { applyNode, waitForNode } from './development-node.ts'
import { registerMetrics } from './metrics-service.ts'
import type { EtcdAddress } from './open-etcd.ts'
import { type ControlPlaneAudit, kubeletClientName, prepareFiles } from './prepare-files.ts'
import type { Report } from './progress.ts'
import { waitForHealth } from './wait-for-health.ts'

export type { ControlPlanePorts } from './arguments.ts'

export type ControlPlane = {
  /** For installing only: a member of system:masters. Its context is named `default`. */
  adminKubeconfig: string
  caFile: string
  serverUrl: string
  /** JSON lines, one event each. */
  auditLog: string
  /** etcd, and a client certificate that it accepts. */
  store: EtcdAddress
  processes(): { name: string; pid: number; logFile: string }[]
  /** When the API server serves metrics, or does without them. */
  metrics: Promise<void>
  /** Stops everything in order and waits, about 25 s at most. */
  stop(): Promise<void>
}

/** A part failed to start; the message has its last lines. */
class ControlPlaneStartError extends Error {
  override readonly name = 'ControlPlaneStartError'
}

/**
 * Starts etcd, the Kubernetes control plane and a fake node, all on 127.0.0.1.
 * @param options.dir keeps all state (0700); the same folder restores the same cluster
 * @param options.metricsServer its path, once it is built: the start doesn’t wait for it. Default, and null: none
 * @param options.onExit called when a part exits unexpectedly; the rest keeps running until stop()
 * @throws ControlPlaneStartError after stopping whatever was started
 */
export async function startControlPlane(options: {
  dir: string
  binaries: Binaries
  metricsServer?: Promise<string | null>
  ports: ControlPlanePorts
  audit?: ControlPlaneAudit | undefined
  /** false: for a short life. Faster, but uses more memory and may lose data in a power failure. Default: true. */
  fsync?: boolean | undefined
  report: Report
  onExit: (name: string, code: number | null, lastLogLines: string[]) => void
}): Promise<ControlPlane> {
  const { binaries, ports, report, audit = {}, fsync = true } = options
  const serverUrl = `https://127.0.0.1:${ports.apiserver}`
  const layout = await prepareFiles({ dir: options.dir, serverUrl, audit })
  const { admin } = layout.certificates
  const trust = {
    ca: await readFile(layout.caFile),
    client: { cert: await readFile(admin.certFile), key: await readFile(admin.keyFile) },
  }
  const parts: ManagedProcess[] = []
  let execServer: ExecServer | undefined
  const failed = new Map<string, string>()
  let starting = true
  let stopping = false

  const start = async (name: string, command: string, args: readonly string[]) => {
    report({ part: name, state: 'starting' })
    const part: ManagedProcess = await startProcess({
      name,
      command,
      args,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...(!fsync && { GOGC: '400', GOMEMLIMIT: '700MiB' }) },
      cwd: options.dir,
      logFile: join(options.dir, 'logs', `${name}.log`),
      onExit: (exit) => {
        failed.set(name, `${name} ended (${describeExit(exit)}).\n${part.tail()}`)
        if (!starting) options.onExit(name, exit.code, part.tail().split('\n'))
      },
    })
    parts.push(part)
    return part
  }
  const healthy = async (part: ManagedProcess, port: number, path: string) => {
    const gone = () => failed.get(part.name)
    const url = `https://127.0.0.1:${port}${path}`
    const problem = await waitForHealth(url, { ...trust, gone, timeoutMs: 180_000 })
    if (problem !== undefined) throw new ControlPlaneStartError(failed.get(part.name) ?? `${problem}\n${part.tail()}`)
    report({ part: part.name, state: 'ready' })
  }
  const stop = async () => {
    starting = false
    stopping = true
    // The API server stops last but one, before its store, so that the others can deregister.
    const last = ['kube-apiserver', 'etcd']
    await Promise.all(parts.filter(({ name }) => !last.includes(name)).map((part) => part.stop({ graceMs: 5_000 })))
    await execServer?.stop()
    // With a webhook, the API server waits minutes for a receiver that stopped before it; its store loses nothing.
    const graceMs = audit.webhook === undefined ? 10_000 : 3_000
    for (const name of last) await parts.find((part) => part.name === name)?.stop({ graceMs })
    for (const { name } of parts) report({ part: name, state: 'stopped' })
  }

  try {
    const etcd = await start('etcd', binaries.etcd, etcdArguments(ports, layout, { fsync }))
    const apiserver = await start('kube-apiserver', binaries.kubeApiserver, apiserverArguments(ports, layout))
    await Promise.all([healthy(etcd, ports.etcdClient, '/health'), healthy(apiserver, ports.apiserver, '/readyz')])
    const api = { ...trust, serverUrl }
    const { certFile, keyFile } = layout.certificates.kwok
    const server = { cert: await readFile(certFile), key: await readFile(keyFile) }
    const { kwok: kwokPort } = ports
    execServer = await startExecServer({ ca: trust.ca, server, clientName: kubeletClientName, kwokPort })
    const nodePort = execServer.port
    await applyNode(api, nodePort)
    const { kubeControllerManager, kubeScheduler } = binaries
    const manager = await start(
      'kube-controller-manager',
      kubeControllerManager,
      controllerManagerArguments(ports, layout),
    )
    const scheduler = await start('kube-scheduler', kubeScheduler, schedulerArguments(ports, layout))
    const node = await start('kwok', binaries.kwok, kwokArguments(ports, layout, nodePort))
    await Promise.all([
      healthy(manager, ports.controllerManager, '/healthz'),
      healthy(scheduler, ports.scheduler, '/healthz'),
      healthy(node, ports.kwok, '/healthz').then(() => waitForNode(api, 120_000)),
    ])
  } catch (error) {
    await stop()
    throw error
  }
  starting = false
  const [exited] = failed.keys()
  if (exited !== undefined) {
    await stop()
    throw new ControlPlaneStartError(failed.get(exited))
  }
  const joinMetrics = async () => {
    const path = await options.metricsServer
    if (!path || stopping) return
    const metrics = await start('metrics-server', path, metricsServerArguments(ports, layout))
    await healthy(metrics, ports.metricsServer, '/livez')
    await registerMetrics({ ...trust, serverUrl }, { port: ports.metricsServer, caFile: layout.caFile })
  }
  const metrics = joinMetrics().catch((error: unknown) => {
    if (!stopping) report({ part: 'metrics-server', state: 'stopped', detail: String(error) })
  })
  return {
    adminKubeconfig: layout.kubeconfigs.admin,
    caFile: layout.caFile,
    serverUrl,
    auditLog: layout.auditLog,
    store: {
      url: `https://127.0.0.1:${ports.etcdClient}`,
      caFile: layout.caFile,
      ...layout.certificates.etcdClient,
    },
    processes: () => parts.map(({ name, pid, logFile }) => ({ name, pid, logFile })),
    metrics,
    stop,
  }
}
