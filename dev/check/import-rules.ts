import { existsSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { runCaptured } from '#dev/process/run-captured.ts'
import * as importTable from './import-table.mjs'

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

/** An entry of the import table, as the imports that need it: from any of some folders to any of others. */
type Row = { name: string; from: string[]; to: string[] }

/** @returns every entry of the table that allows an import */
function rowsOf({
  folders,
  insideFeatures,
  features,
  sharedComponents,
  importersOfShell,
  parts,
}: typeof importTable): Row[] {
  const inside = (folder: string) => (folder === '*' ? 'lib/features/*' : `lib/features/*/${folder}`)
  return [
    ...Object.entries(folders).flatMap(([folder, allowed]) =>
      allowed.map((to) => ({ name: `${folder} → ${to}`, from: [folder], to: [to] })),
    ),
    ...Object.entries(insideFeatures).flatMap(([folder, allowed]) =>
      allowed.map((to) => ({
        name: `${inside(folder)} → ${to}`,
        from: [inside(folder)],
        to: [to.replace(/^\./, 'lib/features/*')],
      })),
    ),
    ...Object.entries(features).flatMap(([feature, { uses, screens }]) => [
      ...uses.map((other) => ({
        name: `${feature} uses ${other}`,
        from: [`lib/features/${feature}`, `components/${feature}`],
        to: [`lib/features/${other}`, `components/${other}`],
      })),
      ...screens.map((other) => ({
        name: `the screens of ${feature} use those of ${other}`,
        from: [`components/${feature}`],
        to: [`components/${other}`],
      })),
    ]),
    ...Object.entries(sharedComponents).flatMap(([folder, uses]) =>
      uses.map((feature) => ({
        name: `components/${folder} → ${feature}`,
        from: [`components/${folder}`],
        to: [`components/${feature}`, `lib/features/${feature}`],
      })),
    ),
    ...importersOfShell.map((feature) => ({
      name: `components/${feature} → components/shell`,
      from: [`components/${feature}`],
      to: ['components/shell'],
    })),
    ...Object.entries(parts).flatMap(([folder, allowedOf]) =>
      Object.entries(allowedOf).flatMap(([part, allowed]: [string, string[]]) =>
        allowed.map((to) => ({
          name: `${folder}/${part} → ${folder}/${to}`,
          from: [`${folder}/${part}`],
          to: [`${folder}/${to}`],
        })),
      ),
    ),
  ]
}

const within = (folders: readonly string[]) =>
  new RegExp(`^(${folders.map((folder) => folder.replaceAll('*', '[^/]+')).join('|')})/`)

/** @returns the rows of the table that no import needs, and the features without a row */
function findStaleRows(cruise: Cruise, table: typeof importTable): string[] {
  const imports = cruise.modules.flatMap(({ source, dependencies }) =>
    dependencies.map(({ resolved }) => [source, resolved] as const),
  )
  const unused = rowsOf(table)
    .filter((row) => {
      const [from, to] = [within(row.from), within(row.to)]
      return !imports.some(([source, resolved]) => from.test(source) && to.test(resolved))
    })
    .map(({ name }) => `no import needs “${name}”: remove it from import-table.mjs`)
  const named = new Set([...Object.keys(table.features), ...Object.keys(table.sharedComponents)])
  const present = new Set(
    cruise.modules.flatMap(({ source }) => /^(?:lib\/features|components)\/([^/]+)\//.exec(source)?.[1] ?? []),
  )
  const unnamed = [...present].filter((name) => !named.has(name))
  return [...unused, ...unnamed.map((name) => `${name} has no row in import-table.mjs`)]
}

/**
 * @param table null: unneeded rows are no problem
 * @returns the problems, one sentence each: violations, source files that the tool skipped (it once passed everything
 * without understanding anything), and rows of the table that no import needs
 */
export function findImportProblems(
  cruise: Cruise,
  sources: readonly string[],
  table: typeof importTable | null = importTable,
): string[] {
  const violations = cruise.summary.violations.map(({ from, to, rule, cycle }) => {
    const path = cycle === undefined ? to : cycle.map(({ name }) => name).join(' → ')
    return `${from} → ${path}: ${rule.name}`
  })
  const seen = new Set(cruise.modules.map((module) => module.source))
  const unseen = sources.filter((source) => !seen.has(source)).map((source) => `${source} was not checked`)
  return [...violations, ...unseen, ...(table === null ? [] : findStaleRows(cruise, table))]
}

/**
 * Runs dependency-cruiser over the project in `root` with its `.dependency-cruiser.cjs`.
 * @param table as for `findImportProblems`
 * @returns the problems
 */
export async function checkImports(root: string, table: typeof importTable | null = importTable): Promise<string[]> {
  const present = roots.filter((folder) => existsSync(join(root, folder)))
  const sources: string[] = []
  for await (const path of glob(
    present.map((folder) => `${folder}/**/*.{ts,tsx,mjs}`),
    { cwd: root, exclude: ['lib/kernel/db/generated/**'] },
  )) {
    sources.push(path)
  }
  const { status, output, stdout } = await runCaptured(
    'depcruise',
    ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...present],
    { cwd: root },
  )
  // The json reporter exits with 0 even if it found something.
  if (status !== 0) return [`dependency-cruiser failed: ${output}`]
  return findImportProblems(cruiseSchema.parse(JSON.parse(stdout)), sources, table)
}
