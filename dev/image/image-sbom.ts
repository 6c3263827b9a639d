import { findSchemaProblem, makeSbom, type Sbom } from '#dev/sbom/make-sbom.ts'
import type { Architecture } from './architecture.ts'
import { readShipped } from './production-packages.ts'
import type { SystemPackage } from './system-files.ts'

/**
 * The contents of an image as CycloneDX: its npm packages, Node, and the system packages of its libraries.
 * @param name the image's name
 * @param root the project
 * @param folders of its npm packages, below `root`
 * @throws Error when the result is not valid CycloneDX
 */
export async function makeImageSbom(
  name: string,
  root: string,
  folders: readonly string[],
  {
    packages,
    distribution,
    architecture,
  }: { packages: readonly SystemPackage[]; distribution: string; architecture: Architecture },
): Promise<Sbom> {
  const all = await makeSbom()
  const locked = readShipped(root)
  const node = `node_modules/node-linux-${architecture}`
  const wanted = new Set(
    [...folders, node].map((folder) => `${locked[folder]?.name ?? nameOf(folder)}@${locked[folder]?.version}`),
  )
  const components = all.components.filter(({ purl }) => wanted.has(decodeURIComponent(purl.replace('pkg:npm/', ''))))
  const { component } = all.metadata
  const system = packages.map((one) => describeSystemPackage(one, distribution))
  const kept = new Set([component['bom-ref'], ...components.map((one) => one['bom-ref'])])
  const direct = all.dependencies.filter(({ ref }) => kept.has(ref))
  const sbom: Sbom = {
    ...all,
    metadata: { ...all.metadata, component: { ...component, name, type: 'container' } },
    components: [...components, ...system],
    dependencies: [
      ...direct.map((one) => ({ ...one, dependsOn: one.dependsOn.filter((ref) => kept.has(ref)) })),
      ...system.map((one) => ({ ref: one['bom-ref'], dependsOn: [] })),
    ],
  }
  const problem = await findSchemaProblem(sbom)
  if (problem !== null) throw new Error(`The SBOM of ${name} is not valid CycloneDX: ${problem}`)
  return sbom
}

const nameOf = (folder: string) => folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length)

/**
 * @param distribution as in os-release, such as `debian-12`: scanners use it to choose advisories (package-url, type
 * deb)
 */
function describeSystemPackage(
  { name, version, architecture }: SystemPackage,
  distribution: string,
): Sbom['components'][number] & { type: string } {
  const [vendor] = distribution.split('-')
  const purl = `pkg:deb/${vendor}/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}&distro=${distribution}`
  return { type: 'library', 'bom-ref': purl, name, version, purl, properties: [], hashes: [], licenses: [] }
}
