import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { buildGitops } from '#dev/cluster/build-gitops.ts'
import { runCaptured } from '#dev/process/run-captured.ts'
import { projectRoot } from '#dev/project-root.ts'

const argoConfigSchema = z.strictObject({ 'resource.customizations.health.spaceport.dev_Space': z.string() })
const fluxConfigSchema = z.strictObject({
  healthCheckExprs: z.tuple([
    z.strictObject({ apiVersion: z.string(), kind: z.literal('Space'), current: z.string(), failed: z.string() }),
  ]),
})
const answerSchema = z.array(z.strictObject({ wait: z.string(), checks: z.string(), argoCD: z.string() }))

/**
 * @param objects as an API server shows them
 * @returns how Flux (`wait`, and `checks` by expressions) and Argo CD assess each, with the configuration from our
 * documentation
 */
export async function gitopsHealth(objects: readonly unknown[]): Promise<z.infer<typeof answerSchema>> {
  const text = await readFile(join(projectRoot, 'docs', 'spaces-as-objects.md'), 'utf8')
  const yaml = (start: string) => parse(new RegExp(`\`\`\`yaml\n(${start}[^\`]*)\`\`\``).exec(text)?.[1] ?? '')
  const lua = argoConfigSchema.parse(yaml('resource\\.customizations'))[
    'resource.customizations.health.spaceport.dev_Space'
  ]
  const [checks] = fluxConfigSchema.parse(yaml('healthCheckExprs')).healthCheckExprs
  const program = await buildGitops(() => {})
  const { stdout, output } = await runCaptured(program, [], { input: JSON.stringify({ objects, lua, checks }) })
  if (stdout === '') throw new Error(output)
  return answerSchema.parse(JSON.parse(stdout))
}
