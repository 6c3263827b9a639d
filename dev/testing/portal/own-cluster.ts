import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { helperPorts } from '#dev/cluster/arguments.ts'
import { buildControlPlane } from '#dev/cluster/build.ts'
import { startControlPlane } from '#dev/cluster/control-plane.ts'
import { installIntoCluster } from '#dev/cluster/install.ts'
import type { ControlPlaneAudit } from '#dev/cluster/prepare-files.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { type Cluster, type Clusters, connectClusters } from '#lib/kube/client/cluster.ts'

export type OwnCluster = {
  admin: Cluster
  broker: Cluster
  gateway: Cluster
  adminKubeconfig: string
  brokerKubeconfig: string
  gatewayKubeconfig: string
  /** The path of the API server's audit log. */
  auditLog: string
  close(): Promise<void>
}

/**
 * Starts a control plane for one test file, on free ports, without our manifests.
 * @param audit what it audits, and where it sends that
 */
export async function openBareCluster(audit?: ControlPlaneAudit) {
  const dir = await mkdtemp(join(tmpdir(), 'spaceport-own-'))
  const report = () => {}
  const { binaries } = await buildControlPlane({ report })
  const ports = await freePorts('apiserver', ...helperPorts)
  const controlPlane = await startControlPlane({ dir, binaries, ports, audit, fsync: false, report, onExit: () => {} })
  const close = async () => {
    await controlPlane.stop()
    await rm(dir, { recursive: true, force: true })
  }
  const { adminKubeconfig, auditLog } = controlPlane
  return { dir, adminKubeconfig, auditLog, kubectl: binaries.kubectl, close }
}

/**
 * Starts a control plane for one test file, with our manifests, because its tests remove what other files rely on.
 * @param audit what it audits, and where it sends that
 */
export async function openOwnCluster(audit?: ControlPlaneAudit): Promise<OwnCluster> {
  const bare = await openBareCluster(audit)
  const open: Clusters[] = []
  const { adminKubeconfig: kubeconfig, auditLog } = bare
  const connect = (path: string) => {
    const clusters = connectClusters({ kubeconfig: path, clusters: [] })
    open.push(clusters)
    return clusters.get('default')
  }
  const close = async () => {
    await Promise.all(open.map((clusters) => clusters.close()))
    await bare.close()
  }
  try {
    const installed = await installIntoCluster({ kubeconfig, dir: bare.dir, report: () => {} })
    return {
      admin: connect(kubeconfig),
      broker: connect(installed.brokerKubeconfig),
      gateway: connect(installed.gatewayKubeconfig),
      adminKubeconfig: kubeconfig,
      brokerKubeconfig: installed.brokerKubeconfig,
      gatewayKubeconfig: installed.gatewayKubeconfig,
      auditLog,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
