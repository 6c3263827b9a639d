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

/** Absolute paths. */
export type Binaries = Record<keyof typeof binaryNames, string>

/** The control plane's binaries are unavailable; the message says what to do about it. */
class ControlPlaneBuildError extends Error {
  override readonly name = 'ControlPlaneBuildError'
}

const waysOut = [
  'Three ways out:',
  '  - install Go (https://go.dev/dl/) and run the same command again;',
  '  - use your own cluster: npm start -- --kubeconfig FILE --context NAME',
  `  - point SPACEPORT_CONTROL_PLANE_BIN to a folder of prebuilt binaries: ${Object.values(binaryNames).join(', ')}`,
].join('\n')

// Without a version stamped in, kube-controller-manager and kubectl refuse to start.
const linkerFlags = (version: string) => {
  const [major, minor] = version.replace(/^v/, '').split('.')
  const stamp = 'k8s.io/component-base/version'
  return `-s -w -X ${stamp}.gitVersion=${version} -X ${stamp}.gitMajor=${major} -X ${stamp}.gitMinor=${minor}`
}

/**
 * Gives etcd, the Kubernetes control plane, kwok and kubectl, built from `go.mod` beside this file once per user and
 * version; later calls answer from the cache within milliseconds.
 * @param options.report receives the state and, during a build, how many packages are compiled
 * @throws ControlPlaneBuildError with the ways out when Go is missing, too old, or the build fails
 */
export async function buildControlPlane(options: { report: Report }): Promise<{ binaries: Binaries }> {
  const ready = process.env.SPACEPORT_CONTROL_PLANE_BIN
  if (ready) return { binaries: await readyBinaries(ready) }

  const [goMod, goSum] = await Promise.all([
    readFile(join(moduleDir, 'go.mod'), 'utf8'),
    readFile(join(moduleDir, 'go.sum'), 'utf8'),
  ])
  const version = /^\s*k8s\.io\/kubernetes (v\S+)/m.exec(goMod)?.[1]
  const goVersion = /^go (\S+)$/m.exec(goMod)?.[1]
  if (!version || !goVersion) throw new ControlPlaneBuildError('dev/cluster/go.mod names no Kubernetes or Go version.')
  const flags = linkerFlags(version)
  const key = createHash('sha256')
    .update([goMod, goSum, process.platform, process.arch, flags].join('\0'))
    .digest('hex')
    .slice(0, 24)
  const root = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'spaceport', 'control-plane')
  const target = join(root, key)

  if (!(await hasAll(target))) {
    await mkdir(root, { recursive: true, mode: 0o700 })
    const lock = join(root, `${key}.lock`)
    if (existsSync(lock)) options.report({ part: 'binaries', state: 'building', detail: 'another build is running' })
    await withLock(lock, async () => {
      if (await hasAll(target)) return
      await checkGo(goVersion)
      await removeLeftovers(root, `${key}.building-`)
      const temporary = await mkdtemp(join(root, `${key}.building-`))
      try {
        await compile({ flags, out: temporary, report: options.report })
        await rename(join(temporary, 'server'), join(temporary, 'etcd'))
        await rm(target, { recursive: true, force: true })
        await rename(temporary, target)
      } finally {
        await rm(temporary, { recursive: true, force: true })
      }
    })
  }
  options.report({ part: 'binaries', state: 'ready', detail: `Kubernetes ${version}` })
  return { binaries: binariesIn(target) }
}

/** Removes what killed builds left behind; called under the lock, so none of them is running. */
async function removeLeftovers(root: string, prefix: string): Promise<void> {
  const leftovers = (await readdir(root)).filter((name) => name.startsWith(prefix))
  await Promise.all(leftovers.map((name) => rm(join(root, name), { recursive: true, force: true })))
}

function binariesIn(dir: string): Binaries {
  return {
    etcd: join(dir, binaryNames.etcd),
    kubeApiserver: join(dir, binaryNames.kubeApiserver),
    kubeControllerManager: join(dir, binaryNames.kubeControllerManager),
    kubeScheduler: join(dir, binaryNames.kubeScheduler),
    kwok: join(dir, binaryNames.kwok),
    kubectl: join(dir, binaryNames.kubectl),
  }
}

const isExecutable = (path: string) =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )

async function hasAll(dir: string): Promise<boolean> {
  const found = await Promise.all(Object.values(binariesIn(dir)).map(isExecutable))
  return found.every(Boolean)
}

async function readyBinaries(dir: string): Promise<Binaries> {
  const binaries = binariesIn(dir)
  const missing: string[] = []
  for (const path of Object.values(binaries)) if (!(await isExecutable(path))) missing.push(path)
  if (missing.length > 0)
    throw new ControlPlaneBuildError(`SPACEPORT_CONTROL_PLANE_BIN lacks executables: ${missing.join(', ')}`)
  return binaries
}

// Uses the machine's own toolchain: only the modules that go.sum pins are downloaded.
const goEnvironment = () => ({ ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly', GOWORK: 'off' })

async function checkGo(wanted: string): Promise<void> {
  let found: string
  try {
    found = (await run('go', ['env', 'GOVERSION'], { cwd: moduleDir, env: goEnvironment() })).stdout.trim()
  } catch (cause) {
    const stderr = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : ''
    const answer = stderr ? `Go answered: ${stderr}` : 'There is no `go` on the PATH.'
    throw new ControlPlaneBuildError(
      `The local control plane is built with Go ${wanted} or newer. ${answer}\n${waysOut}`,
      { cause },
    )
  }
  if (isOlder(found.replace(/^go/, ''), wanted))
    throw new ControlPlaneBuildError(
      `The local control plane is built with Go ${wanted} or newer; this machine has ${found}.\n${waysOut}`,
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

/** Packages that `go build` compiles are counted by `-v`, which names each as it begins; cached ones are not named. */
async function compile(options: { flags: string; out: string; report: Report }): Promise<void> {
  const report = (detail: string) => options.report({ part: 'binaries', state: 'building', detail })
  report('first build, takes some minutes: downloading sources')
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
    throw new ControlPlaneBuildError(
      `The sources of the control plane could not be downloaded.\n${stderr}\n${waysOut}`,
      { cause },
    )
  }
  const build = spawn('go', ['build', '-v', `-ldflags=${options.flags}`, '-o', `${options.out}/`, 'tool'], {
    cwd: moduleDir,
    env: goEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  // An abandoned start does not leave the compiler running.
  const release = build.pid === undefined ? undefined : watchOver(build.pid)
  const lines: string[] = []
  let compiled = 0
  createInterface({ input: build.stderr }).on('line', (line) => {
    lines.push(line)
    if (lines.length > 30) lines.shift()
    if (/\s/.test(line.trim())) return
    compiled += 1
    report(`first build, takes some minutes: ${Math.min(compiled, total)} of ${total} packages`)
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    build.once('error', reject)
    build.once('close', resolve)
  })
  release?.()
  if (code !== 0) throw new ControlPlaneBuildError(`go build failed.\n${lastLines(lines)}\n${waysOut}`)
}

const lastLines = (lines: readonly string[]) => lines.filter(Boolean).slice(-15).join('\n')
