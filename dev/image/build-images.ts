import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { runCaptured } from '#dev/process/run-captured.ts'
import { type Architecture, nativeArchitecture, ociNames } from './architecture.ts'
import { containerfile, type ImageName, imageNames } from './images.ts'

export type ImageOptions = {
  version: string
  revision: string
  architecture?: Architecture
  names?: readonly ImageName[]
}

const indexSchema = z.object({
  manifests: z.array(z.object({ digest: z.string(), annotations: z.record(z.string(), z.string()) })),
})

/**
 * Builds the images from their files by deploy/image/Containerfile, without a daemon, a network or a namespace of its
 * own. The same files, version and revision give the same digests.
 * @param trees the output of writeTrees
 * @param layout a folder that becomes an OCI image layout with a tag for each image; it is recreated
 * @returns each image's digest: `sha256:…`; empty for images not in `names`
 * @throws Error with buildah's output
 */
export async function buildImages(
  trees: string,
  layout: string,
  { version, revision, architecture = nativeArchitecture(), names = imageNames }: ImageOptions,
): Promise<Record<ImageName, string>> {
  rmSync(layout, { recursive: true, force: true })
  mkdirSync(join(layout, '..'), { recursive: true })
  const work = mkdtempSync(`${layout}-work-`)
  const context = join(work, 'context')
  mkdirSync(context)
  const buildah = async (...args: readonly string[]) => {
    const storage = ['--storage-driver', 'vfs', '--root', join(work, 'storage'), '--runroot', join(work, 'run')]
    const { status, output } = await runCaptured('buildah', [...storage, ...args])
    if (status !== 0) throw new Error(`buildah ${args.join(' ')} failed:\n${output.trim().slice(-4_000)}`)
  }
  try {
    for (const name of names) {
      const from = ['--file', containerfile, '--build-context', `trees=${trees}`, '--target', name]
      const labels = ['--build-arg', `VERSION=${version}`, '--build-arg', `REVISION=${revision}`]
      // Skips the stage `build`, which `trees` replaces, and the network that it would need.
      await buildah(
        'build',
        '--isolation',
        'chroot',
        '--timestamp',
        '0',
        '--layers',
        '--arch',
        ociNames[architecture],
        ...from,
        ...labels,
        '--tag',
        name,
        context,
      )
      await buildah('push', name, `oci:${layout}:${name}`)
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  const { manifests } = indexSchema.parse(JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')))
  const digestOf = (name: string) =>
    manifests.find(({ annotations }) => annotations['org.opencontainers.image.ref.name'] === name)?.digest ?? ''
  return { web: digestOf('web'), gateway: digestOf('gateway'), worker: digestOf('worker') }
}
