import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { type Architecture, ociNames } from '#dev/image/architecture.ts'
import { writeTar } from './write-tar.ts'

const descriptor = z.looseObject({
  mediaType: z.string(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.number(),
  annotations: z.record(z.string(), z.string()).optional(),
})
const indexSchema = z.looseObject({ manifests: z.array(descriptor) })
const manifestSchema = z.looseObject({ config: descriptor, layers: z.array(descriptor) })
type Descriptor = z.infer<typeof descriptor>

const indexType = 'application/vnd.oci.image.index.v1+json'
const refName = 'org.opencontainers.image.ref.name'

/** An OCI image layout, in which a tag names an image for one processor. */
export type Layout = { folder: string; architecture: Architecture }

/**
 * Writes one image for several processors as an OCI archive: a tar file of an image layout whose index leads to one
 * image for each (https://github.com/opencontainers/image-spec/blob/main/image-layout.md). The same images give the
 * same bytes.
 * @param tag which image of each layout
 * @param version becomes the archive's tag
 * @returns the digest of the index, by which a registry identifies the image
 */
export async function writeArchive(
  layouts: readonly Layout[],
  { tag, version, file }: { tag: string; version: string; file: string },
): Promise<string> {
  const work = mkdtempSync(`${file}-`)
  try {
    const manifests = layouts.map(({ folder, architecture }) => {
      const { annotations: _, ...found } = takeImage(folder, tag, work)
      return { ...found, platform: { architecture: ociNames[architecture], os: 'linux' } }
    })
    const index = writeBlob(work, JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }))
    const top = { mediaType: indexType, ...index, annotations: { [refName]: version } }
    writeFileSync(join(work, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [top] }))
    writeFileSync(join(work, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
    await writeTar(file, work, ['blobs', 'index.json', 'oci-layout'])
    return index.digest
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

const blobPath = (folder: string, digest: string) => join(folder, 'blobs', ...digest.split(':'))

/**
 * Copies an image's blobs.
 * @returns the path of its manifest
 */
function takeImage(folder: string, tag: string, into: string): Descriptor {
  const { manifests } = indexSchema.parse(JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')))
  const found = manifests.find(({ annotations }) => annotations?.[refName] === tag)
  if (found === undefined) throw new Error(`${folder} has no image ${tag}.`)
  const { config, layers } = manifestSchema.parse(JSON.parse(readFileSync(blobPath(folder, found.digest), 'utf8')))
  for (const { digest } of [found, config, ...layers]) {
    const to = blobPath(into, digest)
    mkdirSync(dirname(to), { recursive: true })
    cpSync(blobPath(folder, digest), to)
  }
  return found
}

function writeBlob(folder: string, text: string): { digest: string; size: number } {
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`
  writeFileSync(blobPath(folder, digest), text)
  return { digest, size: Buffer.byteLength(text) }
}
