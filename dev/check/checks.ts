import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findIdiom } from '#dev/check/english/find-idiom.ts'
import { runCaptured } from '#dev/process/run-captured.ts'
import { projectRoot } from '#dev/project-root.ts'
import { checkImports } from './import-rules.ts'

/** A check's output when it fails; empty when it passes. */
type Complaint = string
export type Check = { name: string; run: () => Promise<Complaint> }

const program = async (name: string, ...args: string[]): Promise<Complaint> => {
  const { status, output } = await runCaptured(name, args, {
    cwd: projectRoot,
    env: { NEXT_TELEMETRY_DISABLED: '1', FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
  })
  return status === 0 ? '' : output.trim() || `${name} ended with status ${status}`
}

/** Everything that `npm run check` runs. The checks are independent and run in parallel. */
export const checks: readonly Check[] = [
  { name: 'format and lint', run: () => program('biome', 'check', '--error-on-warnings', '.') },
  {
    name: 'types',
    run: async () => {
      // Next generates the types of routes; without them the pages' types are incomplete.
      const typegen = existsSync(join(projectRoot, 'app')) ? await program('next', 'typegen') : ''
      return typegen || program('tsc', '--pretty', String(process.stdout.isTTY === true))
    },
  },
  { name: 'plain English', run: async () => findIdiom(projectRoot).join('\n') },
  { name: 'import rules', run: async () => (await checkImports(projectRoot)).join('\n') },
  { name: 'dead code', run: () => program('knip', '--no-progress', '--treat-config-hints-as-errors') },
  {
    name: 'code that only tests use',
    run: () => program('knip', '--production', '--config', 'knip.production.json', '--no-progress'),
  },
]
