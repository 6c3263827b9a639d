import { existsSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { runCaptured } from '#dev/process/run-captured.ts'
import { folders, exceptions as tableExceptions } from './import-table.mjs'

const cruiseSchema = z.object({
  modules: z.array(
    z.object({ source: z.string(), dependencies: z.array(z.object({ resolved: z.string(), module: z.string() })) }),
  ),
  summary: z.object({
    violations: z.array(
      z.object({
        from: z.string(),
        to: z.string(),
        rule: z.object({ name: z.string() }),
        cycle: z.array(z.object({ name: z.string() })).optional(),
      }),
    ),
  }),
})
export type Cruise = z.infer<typeof cruiseSchema>

const roots = ['app', 'components', 'lib', 'prisma', 'dev', 'e2e', 'bench']

/**
 * What the import rules find wrong, one sentence each: violations, source files that the tool skipped (it once passed
 * everything, having understood nothing), and exceptions that are no longer needed.
 */
export function findImportProblems(
  cruise: Cruise,
  sources: readonly string[],
  exceptions: readonly { from: string; to: string }[] = tableExceptions,
): string[] {
  const violations = cruise.summary.violations.map(({ from, to, rule, cycle }) => {
    const path = cycle === undefined ? to : cycle.map(({ name }) => name).join(' → ')
    return `${from} → ${path}: ${rule.name}`
  })

  const seen = new Set(cruise.modules.map((module) => module.source))
  const unseen = sources.filter((source) => !seen.has(source)).map((source) => `${source} was not checked`)

  const emptyRows = Object.keys(folders)
    .filter((folder) => sources.some((source) => source.startsWith(`${folder}/`)))
    .filter((folder) => ![...seen].some((source) => source.startsWith(`${folder}/`)))
    .map((folder) => `the row ${folder} of the folder table matches no module`)

  const stale = exceptions
    .filter(({ from }) => sources.some((source) => new RegExp(`${from.split('/')[0]}/`).test(source)))
    .filter(
      ({ from, to }) =>
        !cruise.modules.some(
          (module) =>
            new RegExp(from).test(module.source) &&
            module.dependencies.some((dependency) => new RegExp(to).test(dependency.resolved)),
        ),
    )
    .map(({ from, to }) => `the exception ${from} → ${to} is no longer needed: remove it from import-table.mjs`)

  return [...violations, ...unseen, ...emptyRows, ...stale]
}

/** Runs dependency-cruiser over the project in `root` with its `.dependency-cruiser.cjs`. @returns what is wrong */
export async function checkImports(root: string): Promise<string[]> {
  const present = roots.filter((folder) => existsSync(join(root, folder)))
  const sources: string[] = []
  for await (const path of glob(
    present.map((folder) => `${folder}/**/*.{ts,tsx,mjs}`),
    { cwd: root, exclude: ['lib/db/generated/**'] },
  )) {
    sources.push(path)
  }
  const { status, output, stdout } = await runCaptured(
    'depcruise',
    ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...present],
    { cwd: root },
  )
  // The json reporter exits with 0 however much it found.
  if (status !== 0) return [`dependency-cruiser failed: ${output}`]
  return findImportProblems(cruiseSchema.parse(JSON.parse(stdout)), sources)
}
