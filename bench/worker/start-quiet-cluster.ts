import { join } from 'node:path'
import type { BenchContext } from '#bench/bench-context.ts'
import { helperPorts } from '#dev/cluster/arguments.ts'
import { buildControlPlane } from '#dev/cluster/build.ts'
import { type ControlPlane, startControlPlane } from '#dev/cluster/control-plane.ts'
import { type Installed, installIntoCluster } from '#dev/cluster/install.ts'
import { type Etcd, openEtcd } from '#dev/cluster/open-etcd.ts'
import { freePorts } from '#dev/ports/free-ports.ts'

export type QuietCluster = Pick<ControlPlane, 'adminKubeconfig' | 'auditLog'> & Installed & { etcd: Etcd }

/**
 * Starts a real API server and etcd next to the stack’s. Its controllers are stopped, because they would create objects
 * in each of 10,000 namespaces during the measurement.
 */
export async function startQuietCluster({ dir, cleanup }: BenchContext): Promise<QuietCluster> {
  const report = () => {}
  const { binaries } = await buildControlPlane({ report })
  const ports = await freePorts('apiserver', ...helperPorts)
  const home = join(dir, 'worker-cluster')
  // The parts stopped below end on purpose.
  const controlPlane = await startControlPlane({ dir: home, binaries, ports, report, onExit: () => {} })
  await cleanup.add('infrastructure', controlPlane.stop)
  const installed = await installIntoCluster({
    kubeconfig: controlPlane.adminKubeconfig,
    dir: join(home, 'identities'),
    report,
  })
  const kept = ['etcd', 'kube-apiserver']
  for (const { name, pid } of controlPlane.processes()) if (!kept.includes(name)) process.kill(pid, 'SIGTERM')

  const { adminKubeconfig, auditLog } = controlPlane
  const etcd = openEtcd(controlPlane.store)
  return { adminKubeconfig, auditLog, ...installed, etcd }
}
