import { existsSync } from 'node:fs'
import { runCaptured } from './run-captured.ts'

/** @returns whether this process may install packages: it is root on Debian or a derivative */
export const canInstallWithApt = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')

/**
 * Installs system packages.
 * @throws Error with the output of apt-get
 */
export async function installWithApt(packages: readonly string[], report: (line: string) => void): Promise<void> {
  report(`Installing ${packages.join(', ')} with apt-get …`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { status, output } = await runCaptured('apt-get', args, { env })
    if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${output.trim().slice(-2_000)}`)
  }
}
