import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { projectRoot } from '#dev/project-root.ts'

const run = promisify(execFile)

const call = z.object({ name: z.string(), args: z.array(z.unknown()) })
const field = z.object({
  name: z.string(),
  dbName: z.string().nullish(),
  kind: z.enum(['scalar', 'enum', 'object']),
  isList: z.boolean(),
  isRequired: z.boolean(),
  type: z.string(),
  nativeType: z.tuple([z.string(), z.array(z.string())]).nullish(),
  default: z.union([call, z.string(), z.number(), z.boolean(), z.array(z.unknown())]).optional(),
  relationFromFields: z.array(z.string()).optional(),
  relationToFields: z.array(z.string()).optional(),
  relationOnDelete: z.string().optional(),
})
const datamodelSchema = z.object({
  enums: z.array(
    z.object({
      name: z.string(),
      dbName: z.string().nullish(),
      values: z.array(z.object({ name: z.string(), dbName: z.string().nullish() })),
    }),
  ),
  models: z.array(z.object({ name: z.string(), dbName: z.string().nullish(), fields: z.array(field) })),
  indexes: z.array(
    z.object({
      model: z.string(),
      type: z.enum(['id', 'unique', 'normal']),
      dbName: z.string().nullish(),
      fields: z.array(z.strictObject({ name: z.string() })),
    }),
  ),
})
export type Datamodel = z.infer<typeof datamodelSchema>
export type DatamodelField = z.infer<typeof field>

/** @returns how Prisma's own parser reads prisma/schema.prisma; downloads nothing */
export async function readDatamodel(): Promise<Datamodel> {
  const dir = await mkdtemp(join(tmpdir(), 'spaceport-datamodel-'))
  try {
    const text = await readFile(join(projectRoot, 'prisma/schema.prisma'), 'utf8')
    const generator = join(import.meta.dirname, 'print-datamodel.mjs')
    const provider = JSON.stringify(`"${process.execPath}" "${generator}"`)
    const schema = join(dir, 'schema.prisma')
    await writeFile(
      schema,
      text.replace(/^generator client \{[^}]*\}/m, `generator json {\n  provider = ${provider}\n  output = "."\n}`),
    )
    const file = join(dir, 'datamodel.json')
    await run(
      process.execPath,
      [join(projectRoot, 'node_modules/prisma-cli/build/index.js'), 'generate', '--schema', schema],
      {
        cwd: projectRoot,
        env: {
          ...process.env,
          DATAMODEL_FILE: file,
          // Naming one keeps Prisma from downloading it.
          PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true',
          PRISMA_HIDE_UPDATE_MESSAGE: '1',
          CHECKPOINT_DISABLE: '1',
        },
      },
    )
    return datamodelSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
