import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buildHelm } from '#dev/cluster/build-helm.ts'
import { architectures, ociNames } from '#dev/image/architecture.ts'
import { imageNames } from '#dev/image/images.ts'
import { makeImages } from '#dev/image/make-images.ts'
import { makeSbom } from '#dev/sbom/make-sbom.ts'
import packageJson from '#package.json' with { type: 'json' }
import { packageCharts } from './package-charts.ts'
import { readKey, signFiles } from './sign-files.ts'
import { writeArchive } from './write-archive.ts'
import { writeKustomize } from './write-kustomize.ts'
import { writeTar } from './write-tar.ts'

/**
 * Builds a release:
 *   spaceport-{web,gateway,worker}-VERSION.oci.tar    images for amd64 and arm64, as OCI archives
 *   the same with -ARCHITECTURE.cdx.json, .provenance.json, .files.tsv    its contents and origin
 *   spaceport-VERSION.tgz, spaceport-cluster-VERSION.tgz    the charts
 *   spaceport-kustomize-VERSION.tar.gz    the same for Kustomize
 *   spaceport-VERSION.cdx.json    the npm packages of production
 *   SHA256SUMS, SHA256SUMS.sig, SHA256SUMS.pub    checksums, their signature, and the key that verifies it
 * The folder has all of it or stays as it was.
 * @param folder must not exist, or be empty
 * @param keyFile signs the checksums; null: nothing is signed
 * @returns the names of the files
 * @throws Error that says what is missing or failed
 */
export async function makeRelease(
  folder: string,
  keyFile: string | null,
  report: (line: string) => void,
): Promise<string[]> {
  // Before the minutes that the rest takes.
  if (keyFile !== null) readKey(keyFile)
  assertEmpty(folder)
  mkdirSync(dirname(folder), { recursive: true })
  const work = mkdtempSync(`${folder}-making-`)
  const into = join(work, 'release')
  const { version } = packageJson
  try {
    mkdirSync(into)
    await addImages(work, into, report)
    report('Packaging charts …')
    const helm = await buildHelm(4, ({ detail }) => report(detail ?? 'Building Helm …'))
    await packageCharts(helm, into)
    const kustomize = `spaceport-kustomize-${version}`
    await writeKustomize(helm, join(work, kustomize))
    await writeTar(join(into, `${kustomize}.tar.gz`), work, [kustomize])
    writeFileSync(join(into, `spaceport-${version}.cdx.json`), `${JSON.stringify(await makeSbom(), null, 2)}\n`)
    await signFiles(into, keyFile)
    rmSync(folder, { recursive: true, force: true })
    renameSync(into, folder)
    return readdirSync(folder).sort()
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

async function addImages(work: string, into: string, report: (line: string) => void): Promise<void> {
  const { version } = packageJson
  const folderOf = (architecture: string) => join(work, architecture)
  for (const architecture of architectures) {
    report(`Images for ${ociNames[architecture]}:`)
    const made = await makeImages(folderOf(architecture), report, architecture)
    for (const { name } of Object.values(made))
      for (const ending of ['files.tsv', 'cdx.json', 'provenance.json'])
        copyFileSync(
          join(folderOf(architecture), `${name}.${ending}`),
          join(into, `${name}-${version}-${ociNames[architecture]}.${ending}`),
        )
  }
  report('Writing archives …')
  const layouts = architectures.map((architecture) => ({ folder: join(folderOf(architecture), 'oci'), architecture }))
  for (const tag of imageNames)
    await writeArchive(layouts, { tag, version, file: join(into, `spaceport-${tag}-${version}.oci.tar`) })
}

function assertEmpty(folder: string): void {
  try {
    if (readdirSync(folder).length > 0) throw new Error(`${folder} isn’t empty.`)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}
