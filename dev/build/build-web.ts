import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCaptured } from '#dev/process/run-captured.ts'
import { projectRoot } from '#dev/project-root.ts'
import { withLock } from '#dev/runner/with-lock.mjs'
import { copyBuild, stampName } from './copy-build.ts'
import { escapeWideText } from './escape-wide-text.ts'
import { hintCompilation } from './hint-compilation.ts'
import { hashSources } from './source-hash.ts'

const output = join(projectRoot, '.next', 'standalone')
const stampFile = join(output, stampName)

const nextProgram = join(projectRoot, 'node_modules', 'next', 'dist', 'bin', 'next')

const webServerFile = join(output, 'server.js')

/** @returns whether the last build matches the current sources */
const isBuilt = (): boolean =>
  existsSync(webServerFile) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hashSources(projectRoot)

/**
 * Builds the portal for production; simultaneous callers build once.
 * @param options.force builds even if the sources are unchanged
 * @param options.copyTo a folder for a copy that later builds don't touch
 * @returns whether something was built
 * @throws Error with Next's output
 */
export async function buildWeb(options: { force?: boolean; copyTo?: string | undefined } = {}): Promise<boolean> {
  const { force = false, copyTo } = options
  let built = false
  await withLock(join(projectRoot, '.spaceport', 'build.lock'), async () => {
    if (force || !isBuilt()) {
      await build()
      built = true
    }
    if (copyTo !== undefined) copyBuild(output, copyTo)
  })
  return built
}

async function build(): Promise<void> {
  // Hashed before the build, so that an edit during it triggers another one.
  const hash = hashSources(projectRoot)
  rmSync(stampFile, { force: true })
  const { status, output: said } = await runCaptured(process.execPath, [nextProgram, 'build'], {
    cwd: projectRoot,
    env: { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', FORCE_COLOR: '0' },
  })
  if (status !== 0) throw new Error(`The portal could not be built:\n${said.trim()}`)
  // The server is complete except for what a CDN might serve.
  const scripts = join(output, '.next', 'static')
  cpSync(join(projectRoot, '.next', 'static'), scripts, { recursive: true })
  hintCompilation(scripts)
  escapeWideText(join(output, '.next', 'server'))
  const publicFiles = join(projectRoot, 'public')
  if (existsSync(publicFiles)) cpSync(publicFiles, join(output, 'public'), { recursive: true })
  renameSync(webServerFile, join(output, 'next-server.js'))
  cpSync(join(projectRoot, 'lib', 'web', 'log-as-json.ts'), join(output, 'log-as-json.ts'))
  writeFileSync(webServerFile, "import './log-as-json.ts'\n\nawait import('./next-server.js')\n")
  writeFileSync(stampFile, hash)
}
