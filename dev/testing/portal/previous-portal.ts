import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { runCaptured } from '#dev/process/run-captured.ts'
import { projectRoot } from '#dev/project-root.ts'
import { withLock } from '#dev/runner/with-lock.mjs'
import { previousRelease, unpackPreviousRelease } from './previous-release.ts'

/**
 * Builds the portal of the previous release, with the packages of this one, once per user and commit; later calls take
 * it from the cache.
 * @returns the folder for `bin/spaceport web FOLDER`
 * @throws Error with Next's output
 */
export async function buildPreviousPortal(): Promise<string> {
  const { commit } = previousRelease()
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'spaceport', 'previous-portal')
  const folder = join(cache, commit)
  if (existsSync(folder)) return folder
  const sources = await unpackPreviousRelease()
  mkdirSync(cache, { recursive: true, mode: 0o700 })
  await withLock(join(cache, `${commit}.lock`), async () => {
    if (existsSync(folder)) return
    const building = mkdtempSync(join(projectRoot, '.spaceport', 'releases', 'building-'))
    const partial = mkdtempSync(join(cache, 'partial-'))
    try {
      cpSync(sources, building, { recursive: true, filter: (path) => basename(path) !== 'node_modules' })
      await build(building)
      // The cache may be on another disk.
      cpSync(join(building, '.next', 'standalone'), partial, { recursive: true, verbatimSymlinks: true })
      cpSync(join(building, '.next', 'static'), join(partial, '.next', 'static'), { recursive: true })
      cpSync(join(building, 'public'), join(partial, 'public'), { recursive: true })
      renameSync(partial, folder)
    } finally {
      for (const dir of [building, partial]) rmSync(dir, { recursive: true, force: true })
    }
  })
  return folder
}

async function build(root: string): Promise<void> {
  // Next accepts no packages from outside of its root, as through a link. Hard links cost no space; not every cp
  // supports them.
  const packages = [join(projectRoot, 'node_modules'), join(root, 'node_modules')]
  const linked = await runCaptured('cp', ['-al', ...packages])
  if (linked.status !== 0) {
    rmSync(join(root, 'node_modules'), { recursive: true, force: true })
    cpSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'), { recursive: true, verbatimSymlinks: true })
  }
  const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next')
  const { status, output } = await runCaptured(process.execPath, [next, 'build'], {
    cwd: root,
    env: { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', FORCE_COLOR: '0' },
  })
  if (status !== 0) throw new Error(`The portal of the previous release could not be built:\n${output.trim()}`)
}
