import { existsSync } from 'node:fs'
import { runCaptured } from '#dev/process/run-captured.ts'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const find = () => [process.env.SPACEPORT_CHROMIUM ?? '', ...places].find((path) => path !== '' && existsSync(path))

/**
 * @returns the path of a Chromium. As root on Debian-based systems it is installed when there is none.
 * @throws Error that says how to get one
 */
export async function findChromium(report: (line: string) => void): Promise<string> {
  const found = find()
  if (found !== undefined) return found
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    report('Installing Chromium with apt-get …')
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
      const { status, output } = await runCaptured('apt-get', args, { env })
      if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${output.trim().slice(-2_000)}`)
    }
    const installed = find()
    if (installed !== undefined) return installed
  }
  throw new Error('The browser tests need Chromium: install it, or set SPACEPORT_CHROMIUM to the path of one.')
}
