import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { access, constants, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { watchOver } from '#dev/process/reaper.ts'
import { withLock } from '#dev/runner/with-lock.mjs'
import type { Report } from './progress.ts'

const run = promisify(execFile)

/** The tools can’t be built; the message says what to do. */
export class GoToolsError extends Error {
  override readonly name = 'GoToolsError'
}

type GoTools = {
  /** Has a `go.mod` that lists them as tools, its `go.sum`, and the sources of our own tools. */
  moduleDir: string
  /** File names of the executables. */
  executables: readonly string[]
  /** The module whose version is reported. */
  of: string
  /** @returns the linker flags, given that version and a lookup for the versions of other modules */
  linkerFlags: (version: string, versionOf: (module: string) => string | undefined) => string
  /** Go names a tool after its folder. */
  renamed?: { from: string; to: string }
  /** Alternatives if Go doesn’t work. */
  alternatives: string
  report: Report
}

/**
 * Builds the tools of a Go module once per user and version; later calls are answered from the cache within
 * milliseconds.
 * @returns their folder, and the version of the named module
 * @throws GoToolsError with the alternatives when Go is missing, too old, or the build fails
 */
export async function buildGoTools(tools: GoTools): Promise<{ dir: string; version: string }> {
  const { moduleDir, executables, alternatives, report } = tools
  const read = (name: string) => readFile(join(moduleDir, name), 'utf8')
  const sourceFiles = (await readdir(moduleDir)).filter((name) => name.endsWith('.go')).sort()
  const [goMod = '', goSum = '', ...sources] = await Promise.all(['go.mod', 'go.sum', ...sourceFiles].map(read))
  const versionOf = (module: string) =>
    new RegExp(`^\\s*${module.replaceAll('.', '\\.')} (v\\S+)`, 'm').exec(goMod)?.[1]
  const version = versionOf(tools.of)
  const goVersion = /^go (\S+)$/m.exec(goMod)?.[1]
  if (!version || !goVersion) throw new GoToolsError(`${moduleDir}/go.mod lacks the version of ${tools.of} or Go.`)
  const flags = tools.linkerFlags(version, versionOf)
  const key = createHash('sha256')
    .update([goMod, goSum, ...sources, process.platform, process.arch, flags].join('\0'))
    .digest('hex')
    .slice(0, 24)
  const root = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'spaceport', 'control-plane')
  const dir = join(root, key)
  if (await hasAll(dir, executables)) return { dir, version }

  await mkdir(root, { recursive: true, mode: 0o700 })
  const lock = join(root, `${key}.lock`)
  if (existsSync(lock)) report({ part: 'binaries', state: 'building', detail: 'another build is running' })
  await withLock(lock, async () => {
    if (await hasAll(dir, executables)) return
    await checkGo({ moduleDir, wanted: goVersion, alternatives })
    await removeLeftovers(root, `${key}.building-`)
    const temporary = await mkdtemp(join(root, `${key}.building-`))
    try {
      await compile({ moduleDir, flags, out: temporary, alternatives, report })
      const { renamed } = tools
      if (renamed) await rename(join(temporary, renamed.from), join(temporary, renamed.to))
      await rm(dir, { recursive: true, force: true })
      await rename(temporary, dir)
    } finally {
      await rm(temporary, { recursive: true, force: true })
    }
  })
  return { dir, version }
}

export const isExecutable = (path: string) =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )

async function hasAll(dir: string, executables: readonly string[]): Promise<boolean> {
  const found = await Promise.all(executables.map((name) => isExecutable(join(dir, name))))
  return found.every(Boolean)
}

/** Removes the folders of killed builds; called under the lock, so none of them is running. */
async function removeLeftovers(root: string, prefix: string): Promise<void> {
  const leftovers = (await readdir(root)).filter((name) => name.startsWith(prefix))
  await Promise.all(leftovers.map((name) => rm(join(root, name), { recursive: true, force: true })))
}

// Uses the machine's own toolchain: downloads only the modules that go.sum pins.
const goEnvironment = () => ({ ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly', GOWORK: 'off' })

type Check = { moduleDir: string; wanted: string; alternatives: string }

async function checkGo({ moduleDir, wanted, alternatives }: Check): Promise<void> {
  let found: string
  try {
    found = (await run('go', ['env', 'GOVERSION'], { cwd: moduleDir, env: goEnvironment() })).stdout.trim()
  } catch (cause) {
    const stderr = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : ''
    const answer = stderr ? `Go answered: ${stderr}` : 'There is no `go` on the PATH.'
    throw new GoToolsError(`The local control plane is built with Go ${wanted} or newer. ${answer}\n${alternatives}`, {
      cause,
    })
  }
  if (isOlder(found.replace(/^go/, ''), wanted))
    throw new GoToolsError(
      `The local control plane is built with Go ${wanted} or newer; this machine has ${found}.\n${alternatives}`,
    )
}

function isOlder(found: string, wanted: string): boolean {
  const numbers = (version: string) => version.split('.').map((part) => Number.parseInt(part, 10) || 0)
  const [a, b] = [numbers(found), numbers(wanted)]
  for (const index of [0, 1, 2]) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

type Compilation = { moduleDir: string; flags: string; out: string; alternatives: string; report: Report }

/** Counts the compiled packages by `go build -v`, which names each one as it starts; cached ones are not named. */
async function compile({ moduleDir, alternatives, ...options }: Compilation): Promise<void> {
  const report = (detail: string) => options.report({ part: 'binaries', state: 'building', detail })
  report('first build, takes a few minutes: downloading sources')
  let total: number
  try {
    const listed = await run('go', ['list', '-deps', 'tool'], {
      cwd: moduleDir,
      env: goEnvironment(),
      maxBuffer: 16 * 1024 * 1024,
    })
    total = listed.stdout.split('\n').filter(Boolean).length
  } catch (cause) {
    const stderr = cause instanceof Error && 'stderr' in cause ? lastLines(String(cause.stderr).split('\n')) : ''
    throw new GoToolsError(`The sources of the control plane could not be downloaded.\n${stderr}\n${alternatives}`, {
      cause,
    })
  }
  const build = spawn('go', ['build', '-v', `-ldflags=${options.flags}`, '-o', `${options.out}/`, 'tool'], {
    cwd: moduleDir,
    env: goEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  // An abandoned start also stops the compiler.
  const release = build.pid === undefined ? undefined : watchOver(build.pid)
  const lines: string[] = []
  let compiled = 0
  createInterface({ input: build.stderr }).on('line', (line) => {
    lines.push(line)
    if (lines.length > 30) lines.shift()
    if (/\s/.test(line.trim())) return
    compiled += 1
    report(`first build, takes a few minutes: ${Math.min(compiled, total)} of ${total} packages`)
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    build.once('error', reject)
    build.once('close', resolve)
  })
  release?.()
  if (code !== 0) throw new GoToolsError(`go build failed.\n${lastLines(lines)}\n${alternatives}`)
}

const lastLines = (lines: readonly string[]) => lines.filter(Boolean).slice(-15).join('\n')
