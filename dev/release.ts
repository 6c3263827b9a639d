/**
 * `npm run release -- FOLDER [--key FILE]`: builds a release in one folder: images for amd64 and arm64, charts, the
 * base for Kustomize, SBOMs, checksums. `--key` signs the checksums with a private key in PEM. On Debian or Ubuntu.
 */
import { relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { makeRelease } from '#dev/release/make-release.ts'

const started = performance.now()
try {
  const { values, positionals } = parseArgs({ options: { key: { type: 'string' } }, allowPositionals: true })
  const [folder, ...more] = positionals
  if (folder === undefined || more.length > 0) throw new Error('Usage: npm run release -- FOLDER [--key FILE]')
  const into = resolve(folder)
  const names = await makeRelease(into, values.key === undefined ? null : resolve(values.key), (line) =>
    console.log(line),
  )
  console.log(
    `${names.length} files in ${relative(process.cwd(), into)} after ${((performance.now() - started) / 1000).toFixed(0)} s`,
  )
  if (values.key === undefined) console.log('SHA256SUMS isn’t signed: --key FILE signs it.')
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
