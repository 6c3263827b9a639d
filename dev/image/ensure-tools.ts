import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { canInstallWithApt, installWithApt } from '#dev/process/install-with-apt.ts'

/** Programs that build, unpack and run images without a daemon, with their packages. */
const tools = { buildah: 'buildah', umoci: 'umoci' } as const
export type ImageTool = keyof typeof tools

const isThere = (program: string) =>
  (process.env.PATH ?? '').split(':').some((dir) => dir !== '' && existsSync(join(dir, program)))

/**
 * Checks that programs are installed. As root on Debian and its derivatives it installs missing ones.
 * @throws Error that says how to install them
 */
export async function ensureImageTools(needed: readonly ImageTool[], report: (line: string) => void): Promise<void> {
  const missing = () => needed.filter((tool) => !isThere(tool)).map((tool) => tools[tool])
  if (missing().length > 0 && canInstallWithApt()) await installWithApt(missing(), report)
  if (missing().length > 0) throw new Error(`Install first: apt-get install ${missing().join(' ')}`)
}
