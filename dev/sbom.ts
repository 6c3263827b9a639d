/** `npm run sbom [-- FOLDER]`: writes the production packages as CycloneDX, and a list of their licences. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { licenceOf } from '#dev/sbom/licence-of.ts'
import { makeSbom } from '#dev/sbom/make-sbom.ts'
import { projectRoot } from './project-root.ts'

const dir = resolve(process.argv[2] ?? join(projectRoot, '.spaceport', 'sbom'))
try {
  const sbom = await makeSbom()
  // By its real name: npm's output has the alias in package.json.
  const nameOf = (purl: string) => decodeURIComponent(purl.replace('pkg:npm/', '').replace(/@[^@]*$/, ''))
  const lines = sbom.components.map((one) => `${nameOf(one.purl)}\t${one.version}\t${licenceOf(one)}`).sort()
  mkdirSync(dir, { recursive: true })
  const file = join(dir, 'spaceport.cdx.json')
  const licences = join(dir, 'licences.tsv')
  writeFileSync(file, `${JSON.stringify(sbom, null, 2)}\n`)
  writeFileSync(licences, `package\tversion\tlicence\n${lines.join('\n')}\n`)
  const where = (path: string) => relative(process.cwd(), path)
  console.log(`${sbom.components.length} packages: ${where(file)} (CycloneDX 1.5, valid) and ${where(licences)}`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
