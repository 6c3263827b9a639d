import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { runCaptured } from '#dev/process/run-captured.ts'
import { projectRoot } from '#dev/project-root.ts'
import { ensureImageTools } from './ensure-tools.ts'
import { type ImageName, imageNames } from './images.ts'

export type UnpackedImage = {
  /** Its files. */
  root: string
  /** The path of its entry point. */
  command: readonly string[]
  env: Readonly<Record<string, string>>
  uid: number
}
export type UnpackedImages = Readonly<Record<ImageName, UnpackedImage>>

const configSchema = z.object({
  process: z.object({
    args: z.array(z.string()).min(1),
    env: z.array(z.string()),
    user: z.object({ uid: z.number() }),
  }),
})

/**
 * Unpacks images as a container runtime would.
 * @param layout an OCI image layout, as buildImages creates it
 * @param into a folder that gets one for each image
 * @throws Error with umoci's output
 */
export async function unpackImages(
  layout: string,
  into: string,
  report: (line: string) => void,
): Promise<UnpackedImages> {
  await ensureImageTools(['umoci'], report)
  const unpack = async (name: ImageName): Promise<UnpackedImage> => {
    const bundle = join(into, name)
    rmSync(bundle, { recursive: true, force: true })
    const rootless = process.getuid?.() === 0 ? [] : ['--rootless']
    const { status, output } = await runCaptured('umoci', [
      'unpack',
      ...rootless,
      '--image',
      `${layout}:${name}`,
      bundle,
    ])
    if (status !== 0) throw new Error(`The image ${name} could not be unpacked:\n${output.trim()}`)
    const { args, env, user } = configSchema.parse(
      JSON.parse(readFileSync(join(bundle, 'config.json'), 'utf8')),
    ).process
    const pairs = env.map((pair): [string, string] => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), pair.slice(at + 1)]
    })
    return { root: join(bundle, 'rootfs'), command: args, env: Object.fromEntries(pairs), uid: user.uid }
  }
  const [web, gateway, worker] = await Promise.all([
    unpack(imageNames[0]),
    unpack(imageNames[1]),
    unpack(imageNames[2]),
  ])
  return { web, gateway, worker }
}

/**
 * The command that starts an image's program on this machine: with only its own files, read-only, as its user, and with
 * the network of this machine. The process keeps its id and gets signals directly.
 * @param files of this machine that it reads, at the same path
 * @param command instead of the image's own
 */
export function commandIn(
  image: UnpackedImage,
  files: readonly string[],
  command: readonly string[] = image.command,
): { command: string; args: readonly string[] } {
  // Without root, a user namespace allows the mounts, and there is no other user to switch to.
  const isRoot = process.getuid?.() === 0
  const namespaces = isRoot ? ['--mount'] : ['--mount', '--user', '--map-root-user']
  const script = join(projectRoot, 'dev', 'image', 'run-in-image.sh')
  const user = isRoot ? String(image.uid) : ''
  return { command: 'unshare', args: [...namespaces, '--', 'sh', script, image.root, user, ...files, '--', ...command] }
}
