import { runCaptured } from '#dev/process/run-captured.ts'

/** Leaves out the time, owner and order of the machine. */
const reproducible = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--mode=u=rwX,go=rX']

/**
 * Writes files into a tar archive. The same files give the same bytes.
 * @param file compressed with gzip if its name ends with `.gz`
 * @param names of files and folders in `folder`
 * @throws Error with tar's output
 */
export async function writeTar(file: string, folder: string, names: readonly string[]): Promise<void> {
  const mode = file.endsWith('.gz') ? '-czf' : '-cf'
  const { status, output } = await runCaptured('tar', [...reproducible, mode, file, '-C', folder, ...names])
  if (status !== 0) throw new Error(`tar failed:\n${output.trim()}`)
}
