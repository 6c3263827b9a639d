import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCaptured } from '#dev/process/run-captured.ts'
import { launcher, projectRoot } from '#dev/project-root.ts'
import { hashSources } from './source-hash.ts'

/** The compile cache that bin/spaceport sets for Node. */
const compileCache = join(projectRoot, 'node_modules', '.cache', 'spaceport', 'compile')

const stampFile = join(compileCache, 'sources')

/**
 * Strips the types of gateway and worker in short-lived processes where their sources changed: the compiler takes 25
 * MB, which a long-running process would never free.
 */
export async function warmCompileCache(): Promise<void> {
  const hash = hashSources(projectRoot, ['lib', 'package-lock.json'])
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash) return
  // Without its environment a process exits after loading everything.
  const env = { NODE_COMPILE_CACHE: compileCache, DATABASE_URL: undefined }
  await Promise.all(['gateway', 'worker'].map((name) => runCaptured(launcher, [name], { env })))
  mkdirSync(compileCache, { recursive: true })
  writeFileSync(stampFile, hash)
}
