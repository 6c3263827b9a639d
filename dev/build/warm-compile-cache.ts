import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCaptured } from '../process/run-captured.ts'
import { projectRoot } from '../project-root.ts'
import { memoryOf } from '../stack/memory.ts'
import { hashSources } from './source-hash.ts'

/** Where Node keeps what it made of the modules that it loaded (NODE_COMPILE_CACHE). */
export const compileCache = join(projectRoot, 'node_modules', '.cache', 'spaceport', 'compile')

const stampFile = join(compileCache, 'sources')
/** With the very flags that they are started with: Node keeps them apart by these. */
const programs = (['gateway', 'worker'] as const).map((name) => [
  ...memoryOf[name],
  join(projectRoot, 'lib', name, 'main.ts'),
])

/**
 * Has Node strip the types of gateway and worker, where their sources changed, in processes that end right after. The
 * compiler for it takes 25 MB, which a process that stays would never give back.
 */
export async function warmCompileCache(): Promise<void> {
  const hash = hashSources(projectRoot, ['lib', 'package-lock.json'])
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash) return
  // Without its environment a process ends once all is loaded.
  const env = { NODE_COMPILE_CACHE: compileCache, DATABASE_URL: undefined }
  await Promise.all(programs.map((args) => runCaptured(process.execPath, args, { cwd: projectRoot, env })))
  mkdirSync(compileCache, { recursive: true })
  writeFileSync(stampFile, hash)
}
