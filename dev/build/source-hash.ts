import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The inputs of the portal's build, without tests. */
const buildInputs = [
  'app',
  'components',
  'lib',
  'public',
  'prisma/schema.prisma',
  'proxy.ts',
  'instrumentation.ts',
  'next.config.js',
  'postcss.config.mjs',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
  'dev/build/build-web.ts',
  'dev/build/hint-compilation.ts',
] as const

const isSource = (path: string) => !/\.(test|itest)\.tsx?$/.test(path) && !path.startsWith('lib/kernel/db/generated')

function* listFiles(root: string, path: string): Generator<string> {
  const found = statSync(join(root, path), { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isDirectory()) {
    if (isSource(path)) yield path
    return
  }
  for (const name of readdirSync(join(root, path)).sort()) yield* listFiles(root, `${path}/${name}`)
}

/** @returns a hash that changes when an input file is edited, added, renamed or removed */
export function hashSources(root: string, inputs: readonly string[] = buildInputs): string {
  const hash = createHash('sha256')
  for (const input of inputs) {
    for (const file of listFiles(root, input)) {
      const content = createHash('sha256')
        .update(readFileSync(join(root, file)))
        .digest('hex')
      hash.update(`${file}\0${content}\0`)
    }
  }
  return hash.digest('hex')
}
