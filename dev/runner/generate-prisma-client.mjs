import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findNode } from './find-node.mjs'
import { runQuietly } from './run-quietly.mjs'

/** Generates the Prisma client if the schema or Prisma changed since it was last generated. @param {string} root */
export async function generatePrismaClient(root) {
  const schema = join(root, 'prisma', 'schema.prisma')
  const generated = join(root, 'lib', 'kernel', 'db', 'generated')
  const stamp = join(generated, '.schema-hash')
  const hash = createHash('sha256')
    .update(readFileSync(schema))
    .update(readFileSync(join(root, 'node_modules', 'prisma-cli', 'package.json')))
    .digest('hex')
  if (existsSync(join(generated, 'client.ts')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return

  await runQuietly(
    'Generating the database client',
    findNode(root) ?? process.execPath,
    [join(root, 'node_modules', 'prisma-cli', 'build', 'index.js'), 'generate'],
    {
      cwd: root,
      // The engine is not used for generating; naming one keeps Prisma from downloading it.
      env: { PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
      wayOut: 'prisma/schema.prisma is probably not valid: `node dev/run.mjs prisma validate` tells where.',
    },
  )
  writeFileSync(stamp, hash)
}
