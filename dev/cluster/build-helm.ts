import { join } from 'node:path'
import { buildGoTools } from './build-go-tools.ts'
import type { Report } from './progress.ts'

const moduleDir = join(import.meta.dirname, 'helm')
const version = (found: string) => `-s -w -X helm.sh/helm/v4/internal/version.version=${found}`

/**
 * Builds Helm from `go.mod` in the folder `helm`, once per user and version. Only the tests of the charts need it.
 * @returns the path of the executable
 * @throws GoToolsError when Go is missing, too old, or the build fails
 */
export async function buildHelm(report: Report): Promise<string> {
  const { dir } = await buildGoTools({
    ...{ moduleDir, executables: ['helm'], of: 'helm.sh/helm/v4', linkerFlags: version, report },
    waysOut: 'The charts are tested with Helm, which is built with Go (https://go.dev/dl/).',
  })
  return join(dir, 'helm')
}
