import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { helperPorts } from '#dev/cluster/arguments.ts'
import { buildControlPlane } from '#dev/cluster/build.ts'
import { startControlPlane } from '#dev/cluster/control-plane.ts'
import { installIntoCluster } from '#dev/cluster/install.ts'
import type { ControlPlaneAudit } from '#dev/cluster/prepare-files.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { type Cluster, type Clusters, connectClusters } from '#lib/kube/client/cluster.ts'
import { borrowCluster } from './spare-clusters.ts'

type Kubeconfigs = {
  adminKubeconfig: string
  brokerKubeconfig: string
  gatewayKubeconfig: string
  /** The path of the API server's audit log, to read from where it ends now. */
  auditLog: string
}

export type OwnCluster = Kubeconfigs & {
  admin: Cluster
  broker: Cluster
  gateway: Cluster
  close(): Promise<void>
}

const makeFolder = () => mkdtemp(join(tmpdir(), 'spaceport-own-'))

/** @param audit what it audits, and where it sends that */
async function startControlPlaneIn(dir: string, audit?: ControlPlaneAudit) {
  const report = () => {}
  const { binaries } = await buildControlPlane({ report })
  const ports = await freePorts('apiserver', ...helperPorts)
  const controlPlane = await startControlPlane({ dir, binaries, ports, audit, fsync: false, report, onExit: () => {} })
  const close = async () => {
    await controlPlane.stop()
    await rm(dir, { recursive: true, force: true })
  }
  return { ...controlPlane, kubectl: binaries.kubectl, close }
}

/** Starts a control plane for one test file, without our manifests, in a folder of its own. */
export async function openBareCluster() {
  const dir = await makeFolder()
  const { adminKubeconfig, kubectl, close } = await startControlPlaneIn(dir)
  return { dir, adminKubeconfig, kubectl, close }
}

/** Gives a test file a control plane with our manifests, because its tests change what other files rely on. */
export async function openOwnCluster(): Promise<OwnCluster> {
  const { giveBack, ...kubeconfigs } = await borrowCluster(inject('lender'))
  return connected(kubeconfigs, giveBack)
}

/** Starts a control plane for one test file, with our manifests, that audits in another way. */
export async function openAuditedCluster(audit: ControlPlaneAudit): Promise<OwnCluster> {
  const dir = await makeFolder()
  const { adminKubeconfig, auditLog, close } = await startControlPlaneIn(dir, audit)
  try {
    const installed = await installIntoCluster({ kubeconfig: adminKubeconfig, dir, report: () => {} })
    return connected({ ...installed, adminKubeconfig, auditLog }, close)
  } catch (error) {
    await close()
    throw error
  }
}

function connected(kubeconfigs: Kubeconfigs, release: () => Promise<void> | void): OwnCluster {
  const open: Clusters[] = []
  const connect = (kubeconfig: string) => {
    const clusters = connectClusters({ kubeconfig, clusters: [] })
    open.push(clusters)
    return clusters.get('default')
  }
  const { adminKubeconfig, brokerKubeconfig, gatewayKubeconfig, auditLog } = kubeconfigs
  return {
    ...{ adminKubeconfig, brokerKubeconfig, gatewayKubeconfig, auditLog },
    admin: connect(adminKubeconfig),
    broker: connect(brokerKubeconfig),
    gateway: connect(gatewayKubeconfig),
    async close() {
      await Promise.all(open.map((clusters) => clusters.close()))
      await release()
    },
  }
}
