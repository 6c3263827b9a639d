import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { alternatives, type Binaries, buildControlPlane, buildMetricsServer, linkerFlags } from './build.ts'
import { buildGoTools } from './build-go-tools.ts'
import type { Report } from './progress.ts'

/** The parts that differ between Kubernetes versions; etcd, kwok and metrics-server don’t. */
const executables = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'] as const

/** Each has its module in `versions` beside this file, except the version of the local control plane. */
export const testedMinors = ['1.34', '1.35', '1.36', '1.37'] as const
export type Minor = (typeof testedMinors)[number]
const ownMinor: Minor = '1.36'

/** Absolute paths. Set SPACEPORT_CONTROL_PLANE_BIN to `dir`. */
export type MinorBinaries = { minor: Minor; dir: string; kubectl: string }

/**
 * Builds the control plane of one minor version of Kubernetes, once per user and version, and links all parts of a
 * local one into a folder.
 * @param options.into an existing folder, which gets a subfolder named after the version
 * @throws GoToolsError with the alternatives
 */
export async function buildMinor(
  minor: Minor,
  { into, report }: { into: string; report: Report },
): Promise<MinorBinaries> {
  const { binaries } = await buildControlPlane({ report })
  const moduleDir = join(import.meta.dirname, 'versions', minor)
  const built =
    minor === ownMinor
      ? undefined
      : await buildGoTools({ moduleDir, executables, of: 'k8s.io/kubernetes', linkerFlags, alternatives, report })
  const dir = join(into, minor)
  await mkdir(dir)
  for (const [name, path] of programs(binaries, await buildMetricsServer(report))) {
    const replaced = built && executables.some((executable) => executable === name)
    await symlink(replaced ? join(built.dir, name) : path, join(dir, name))
  }
  return { minor, dir, kubectl: join(dir, 'kubectl') }
}

const programs = (binaries: Binaries, metricsServer: string | null): [name: string, path: string][] => [
  ['etcd', binaries.etcd],
  ['kube-apiserver', binaries.kubeApiserver],
  ['kube-controller-manager', binaries.kubeControllerManager],
  ['kube-scheduler', binaries.kubeScheduler],
  ['kwok', binaries.kwok],
  ['kubectl', binaries.kubectl],
  ...(metricsServer === null ? [] : [['metrics-server', metricsServer] as [string, string]]),
]
