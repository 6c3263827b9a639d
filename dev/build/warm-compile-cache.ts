import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCaptured } from '#dev/process/run-captured.ts'
import { launcher, projectRoot } from '#dev/project-root.ts'
import { hashSources } from './source-hash.ts'

/** Where bin/spaceport has Node keep what it made of the modules that it loaded. */
const compileCache = join(projectRoot, 'node_modules', '.cache', 'spaceport', 'compile')

const stampFile = join(compileCache, 'sources')

/**
 * Has Node strip the types of gateway and worker, where their sources changed, in processes that end right after. The
 * compiler for it takes 25 MB, which a process that stays would never give back.
 */
export async function warmCompileCache(): Promise<void> {
  const hash = hashSources(projectRoot, ['lib', 'package-lock.json'])
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash) return
  // Without its environment a process ends once all is loaded.
  const env = { NODE_COMPILE_CACHE: compileCache, DATABASE_URL: undefined }
  await Promise.all(['gateway', 'worker'].map((name) => runCaptured(launcher, [name], { env })))
  mkdirSync(compileCache, { recursive: true })
  writeFileSync(stampFile, hash)
}
