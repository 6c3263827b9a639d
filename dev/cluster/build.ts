import { join } from 'node:path'
import { buildGoTools, GoToolsError, isExecutable } from './build-go-tools.ts'
import type { Report } from './progress.ts'

const moduleDir = import.meta.dirname

/** The binaries of a control plane, by their file names. */
const binaryNames = {
  etcd: 'etcd',
  kubeApiserver: 'kube-apiserver',
  kubeControllerManager: 'kube-controller-manager',
  kubeScheduler: 'kube-scheduler',
  kwok: 'kwok',
  kubectl: 'kubectl',
} as const
/** From a module of its own, because it needs other versions of shared dependencies. */
const metricsServer = 'metrics-server'

/** Absolute paths. */
export type Binaries = Record<keyof typeof binaryNames, string>

export const alternatives = [
  'Three ways out:',
  '  - install Go (https://go.dev/dl/) and run the same command again;',
  '  - use your own cluster: npm start -- --kubeconfig FILE --context NAME',
  `  - point SPACEPORT_CONTROL_PLANE_BIN to a folder of prebuilt binaries: ${Object.values(binaryNames).join(', ')}, and ${metricsServer} if you like`,
].join('\n')

// Without a stamped version, kube-controller-manager and kubectl refuse to start.
export const linkerFlags = (version: string) => {
  const [major, minor] = version.replace(/^v/, '').split('.')
  const stamp = 'k8s.io/component-base/version'
  return `-s -w -X ${stamp}.gitVersion=${version} -X ${stamp}.gitMajor=${major} -X ${stamp}.gitMinor=${minor}`
}

/**
 * Provides etcd, the Kubernetes control plane, kwok and kubectl, built from `go.mod` beside this file once per user and
 * version; later calls are answered from the cache within milliseconds.
 * @param options.report receives the state and, during a build, how many packages are compiled
 * @throws GoToolsError with the alternatives when Go is missing, too old, or the build fails
 */
export async function buildControlPlane({ report }: { report: Report }): Promise<{ binaries: Binaries }> {
  const ready = process.env.SPACEPORT_CONTROL_PLANE_BIN
  if (ready) return { binaries: await readyBinaries(ready) }

  const { dir, version } = await buildGoTools({
    ...{
      moduleDir,
      executables: Object.values(binaryNames),
      of: 'k8s.io/kubernetes',
      linkerFlags,
      alternatives,
      report,
    },
    renamed: { from: 'server', to: binaryNames.etcd },
  })
  report({ part: 'binaries', state: 'ready', detail: `Kubernetes ${version}` })
  return { binaries: binariesIn(dir) }
}

/** @returns the path of metrics-server, built in the same way; null if it can’t be, for example because Go is too old */
export async function buildMetricsServer(report: Report): Promise<string | null> {
  const ready = join(process.env.SPACEPORT_CONTROL_PLANE_BIN ?? '', metricsServer)
  if (await isExecutable(ready)) return ready
  const tools = { executables: [metricsServer], of: 'sigs.k8s.io/metrics-server', linkerFlags: () => '-s -w' }
  try {
    const { dir } = await buildGoTools({ ...tools, moduleDir: join(moduleDir, metricsServer), alternatives, report })
    return join(dir, metricsServer)
  } catch (error) {
    if (!(error instanceof GoToolsError)) throw error
    const [why] = error.message.split('\n')
    report({ part: metricsServer, state: 'stopped', detail: `left out, so real usage isn’t shown: ${why}` })
    return null
  }
}

const binariesIn = (dir: string) => ({
  etcd: join(dir, binaryNames.etcd),
  kubeApiserver: join(dir, binaryNames.kubeApiserver),
  kubeControllerManager: join(dir, binaryNames.kubeControllerManager),
  kubeScheduler: join(dir, binaryNames.kubeScheduler),
  kwok: join(dir, binaryNames.kwok),
  kubectl: join(dir, binaryNames.kubectl),
})

async function readyBinaries(dir: string): Promise<Binaries> {
  const binaries = binariesIn(dir)
  const missing: string[] = []
  for (const path of Object.values(binaries)) if (!(await isExecutable(path))) missing.push(path)
  if (missing.length > 0) throw new GoToolsError(`SPACEPORT_CONTROL_PLANE_BIN lacks executables: ${missing.join(', ')}`)
  return binaries
}
