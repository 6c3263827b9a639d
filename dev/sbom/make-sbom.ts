import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { z } from 'zod'
import { runCaptured } from '#dev/process/run-captured.ts'
import { projectRoot } from '#dev/project-root.ts'

const licenceSchema = z.looseObject({
  license: z.looseObject({ id: z.string().optional(), name: z.string().optional() }).optional(),
  expression: z.string().optional(),
})
const componentSchema = z.looseObject({
  'bom-ref': z.string(),
  name: z.string(),
  version: z.string(),
  purl: z.string(),
  properties: z.array(z.looseObject({ name: z.string(), value: z.string() })).default([]),
  hashes: z.array(z.looseObject({ alg: z.string(), content: z.string() })).default([]),
  licenses: z.array(licenceSchema).default([]),
})
const sbomSchema = z.looseObject({
  metadata: z.looseObject({ component: z.looseObject({ 'bom-ref': z.string(), name: z.string() }) }),
  components: z.array(componentSchema),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).default([]) })),
})
export type Component = z.infer<typeof componentSchema>
export type Sbom = z.infer<typeof sbomSchema>

/**
 * The packages of a production install, as CycloneDX. Uses npm's own command, which reads package-lock.json like the
 * install: a separate tool could disagree with it, and the usual one brings an install script. npm is asked for all
 * packages, and those only for development are removed here: `--omit=dev` would also remove packages that both need and
 * production therefore gets.
 * @throws Error when npm fails, or when its output is not CycloneDX
 */
export async function makeSbom(): Promise<Sbom> {
  const args = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application']
  const { status, stdout, output } = await runCaptured('npm', args, { cwd: projectRoot })
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed:\n${output.trim()}`)
  const all = sbomSchema.parse(JSON.parse(stdout))
  const components = all.components.filter(
    ({ properties }) => !properties.some(({ name }) => name === 'cdx:npm:package:development'),
  )
  const { component } = all.metadata
  const kept = new Set([component['bom-ref'], ...components.map((one) => one['bom-ref'])])
  const sbom = {
    ...all,
    // npm names it after the folder.
    metadata: { ...all.metadata, component: { ...component, name: 'spaceport' } },
    components,
    dependencies: all.dependencies
      .filter(({ ref }) => kept.has(ref))
      .map((one) => ({ ...one, dependsOn: one.dependsOn.filter((ref) => kept.has(ref)) })),
  }
  const problem = await findSchemaProblem(sbom)
  if (problem !== null) throw new Error(`The SBOM is not valid CycloneDX: ${problem}`)
  return sbom
}

/** @returns a violation of CycloneDX's schema; null: none */
export async function findSchemaProblem(sbom: unknown): Promise<string | null> {
  const error = await new Validation.JsonStrictValidator(Spec.Version.v1dot5).validate(JSON.stringify(sbom))
  return error === null ? null : JSON.stringify(error)
}
