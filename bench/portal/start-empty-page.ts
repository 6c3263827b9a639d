import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchContext } from '#bench/bench-context.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { runCaptured } from '#dev/process/run-captured.ts'
import { projectRoot } from '#dev/project-root.ts'
import { startService } from '#dev/stack/service.ts'

const next = join(projectRoot, 'node_modules', 'next', 'dist', 'bin', 'next')

/** Builds the empty page with the portal's Next, and serves it. @returns its URL */
export async function startEmptyPage({ dir, cleanup }: BenchContext): Promise<string> {
  const site = join(projectRoot, '.spaceport', 'bench', 'empty-page')
  rmSync(site, { recursive: true, force: true })
  mkdirSync(site, { recursive: true })
  cpSync(join(import.meta.dirname, 'empty-page'), site, { recursive: true })
  writeFileSync(join(site, 'package.json'), JSON.stringify({ name: 'empty-page', private: true, type: 'module' }))
  const env = { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', SPACEPORT_ROOT: projectRoot }
  const { status, output } = await runCaptured(process.execPath, [next, 'build'], { cwd: site, env })
  if (status !== 0) throw new Error(`The empty page could not be built: ${output.trim().slice(-2_000)}`)
  const { web: port } = await freePorts('web')
  const service = await startService({
    name: 'empty page',
    command: process.execPath,
    args: [next, 'start', '--hostname', '127.0.0.1', '--port', String(port)],
    env: { PATH: process.env.PATH, ...env },
    cwd: site,
    logFile: join(dir, 'empty-page.log'),
    readyUrl: `http://127.0.0.1:${port}/`,
    onCrash: () => {},
  })
  await cleanup.add('services', () => service.stop())
  return `http://127.0.0.1:${port}/`
}
