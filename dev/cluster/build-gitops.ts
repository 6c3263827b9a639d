import { join } from 'node:path'
import { buildGoTools } from './build-go-tools.ts'
import type { Report } from './progress.ts'

const moduleDir = join(import.meta.dirname, 'gitops')

/**
 * Builds a tool that shows how Flux and Argo CD assess an object, from the folder `gitops`, once per user and version.
 * It uses Flux's own code, and Argo CD's Lua interpreter.
 * @returns the path of the executable
 * @throws GoToolsError when Go is missing, too old, or the build fails
 */
export async function buildGitops(report: Report): Promise<string> {
  const { dir } = await buildGoTools({
    ...{ moduleDir, executables: ['gitops'], of: 'github.com/fluxcd/pkg/runtime', linkerFlags: () => '-s -w', report },
    alternatives:
      'The health of Space objects is tested with Flux’s own code, which is built with Go (https://go.dev/dl/).',
  })
  return join(dir, 'gitops')
}
