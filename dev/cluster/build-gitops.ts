import { join } from 'node:path'
import { buildGoTools } from './build-go-tools.ts'
import type { Report } from './progress.ts'

const moduleDir = join(import.meta.dirname, 'gitops')

/**
 * Builds what says how Flux and Argo CD judge an object, from the folder `gitops`, once per user and version. Flux's own
 * code judges there, and for Argo CD the Lua interpreter that it uses.
 * @returns the path of the executable
 * @throws GoToolsError when Go is missing, too old, or the build fails
 */
export async function buildGitops(report: Report): Promise<string> {
  const { dir } = await buildGoTools({
    ...{ moduleDir, executables: ['gitops'], of: 'github.com/fluxcd/pkg/runtime', linkerFlags: () => '-s -w', report },
    waysOut: 'The health of Space objects is tried with Flux’s own code, which is built with Go (https://go.dev/dl/).',
  })
  return join(dir, 'gitops')
}
