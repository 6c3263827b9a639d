import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { helperPorts } from '#dev/cluster/arguments.ts'
import { type Binaries, buildControlPlane, buildMetricsServer } from '#dev/cluster/build.ts'
import { startControlPlane } from '#dev/cluster/control-plane.ts'
import { installIntoCluster } from '#dev/cluster/install.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import type { Cleanup } from './cleanup.ts'
import type { RunningProcess, StackOptions } from './stack-options.ts'

export type StackCluster = {
  adminKubeconfig: string
  brokerKubeconfig: string
  gatewayKubeconfig: string
  /** Its name in both kubeconfigs. */
  context: string
  apiserverUrl: string | undefined
  auditLog: string | undefined
  binaries: Binaries | undefined
  processes(): RunningProcess[]
}

/**
 * Starts a control plane, or uses the named cluster, and installs Spaceport's manifests into it.
 * @param auditWebhook a kubeconfig of where our own control plane sends its audit
 */
export async function startCluster(
  options: StackOptions,
  cleanup: Cleanup,
  auditWebhook: string | undefined,
): Promise<StackCluster> {
  if (options.fixedCluster) return describeFixed(options.fixedCluster)
  const own = options.cluster === undefined ? await startOwn(options, cleanup, auditWebhook) : undefined
  cleanup.throwIfStopping()
  const kubeconfig = options.cluster?.kubeconfig ?? own?.adminKubeconfig ?? ''
  const context = options.cluster?.context
  const installed = await installIntoCluster({
    kubeconfig,
    ...(context !== undefined && { context }),
    dir: join(options.stateDir, 'identities'),
    report: options.report,
  })
  return {
    adminKubeconfig: kubeconfig,
    brokerKubeconfig: installed.brokerKubeconfig,
    gatewayKubeconfig: installed.gatewayKubeconfig,
    context: installed.context,
    apiserverUrl: own?.serverUrl,
    auditLog: own?.auditLog,
    binaries: own?.binaries,
    processes: own?.processes ?? (() => []),
  }
}

const describeFixed = ({ kubeconfig, context }: { kubeconfig: string; context: string }): StackCluster => ({
  ...{ adminKubeconfig: kubeconfig, brokerKubeconfig: kubeconfig, gatewayKubeconfig: kubeconfig, context },
  ...{ apiserverUrl: undefined, auditLog: undefined, binaries: undefined },
  processes: () => [],
})

async function startOwn(options: StackOptions, cleanup: Cleanup, auditWebhook: string | undefined) {
  const { binaries } = await buildControlPlane({ report: options.report })
  cleanup.throwIfStopping()
  const dir = join(options.stateDir, 'cluster')
  linkLogs(options.stateDir, dir)
  const helpers = await freePorts(...helperPorts)
  const controlPlane = await startControlPlane({
    dir,
    binaries,
    metricsServer: buildMetricsServer(options.report),
    ports: { apiserver: options.ports.apiserver, ...helpers },
    fsync: options.fsync,
    ...(auditWebhook !== undefined && { audit: { webhook: auditWebhook } }),
    report: options.report,
    onExit: (name, code, lines) =>
      options.onCrash(`${name} ended with ${code === null ? 'a signal' : `status ${code}`}:\n${lines.join('\n')}`),
  })
  await cleanup.add('infrastructure', controlPlane.stop)
  return { ...controlPlane, binaries }
}

/** The control plane keeps its logs in its own folder; people look for all of them in one. */
function linkLogs(stateDir: string, clusterDir: string): void {
  mkdirSync(join(stateDir, 'logs'), { recursive: true })
  mkdirSync(clusterDir, { recursive: true, mode: 0o700 })
  try {
    symlinkSync('../logs', join(clusterDir, 'logs'))
  } catch {
    // It is there from an earlier start.
  }
}
