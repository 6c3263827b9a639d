import { join } from 'node:path'
import { buildGoTools } from './build-go-tools.ts'
import type { Report } from './progress.ts'

/** The charts support both. */
export const helmMajors = [3, 4] as const
export type HelmMajor = (typeof helmMajors)[number]

const folders: Record<HelmMajor, string> = { 3: 'helm3', 4: 'helm' }

/**
 * Builds Helm from `go.mod` in the folder `helm` or `helm3`, once per user and version, for the tests of the charts.
 * @returns the path of the executable
 * @throws GoToolsError when Go is missing, too old, or the build fails
 */
export async function buildHelm(major: HelmMajor, report: Report): Promise<string> {
  const of = `helm.sh/helm/v${major}`
  const { dir } = await buildGoTools({
    ...{ moduleDir: join(import.meta.dirname, folders[major]), executables: ['helm'], of, report },
    linkerFlags: (version, versionOf) =>
      ['-s -w', `-X ${of}/internal/version.version=${version}`, ...kubernetes(major, versionOf)].join(' '),
    alternatives: 'The charts are tested with Helm, which is built with Go (https://go.dev/dl/).',
  })
  return join(dir, 'helm')
}

/** Helm 3 needs the Kubernetes version at build time, as in its Makefile: its default is 1.20. Helm 4 detects it. */
function kubernetes(major: HelmMajor, versionOf: (module: string) => string | undefined): string[] {
  if (major === 4) return []
  const minor = versionOf('k8s.io/client-go')?.split('.')[1]
  return ['chartutil', 'lint/rules'].flatMap((of) => [
    `-X helm.sh/helm/v3/pkg/${of}.k8sVersionMajor=1`,
    `-X helm.sh/helm/v3/pkg/${of}.k8sVersionMinor=${minor}`,
  ])
}
