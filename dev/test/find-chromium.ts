import { existsSync } from 'node:fs'
import { canInstallWithApt, installWithApt } from '#dev/process/install-with-apt.ts'

/** A Chromium without its window code, with which tests take a quarter less time. */
const headlessShell = { path: '/usr/bin/chromium-headless-shell', aptPackage: 'chromium-headless-shell' }
const places = [
  headlessShell.path,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const find = () => [process.env.SPACEPORT_CHROMIUM ?? '', ...places].find((path) => path !== '' && existsSync(path))

/**
 * @returns the path of a Chromium. As root on Debian-based systems it is installed if missing.
 * @throws Error that says how to get one
 */
export async function findChromium(report: (line: string) => void): Promise<string> {
  const found = find()
  if (found !== undefined) return found
  if (canInstallWithApt()) await installWithApt(['chromium'], report)
  const installed = find()
  if (installed !== undefined) return installed
  throw new Error('The browser tests need Chromium: install it, or set SPACEPORT_CHROMIUM to the path of one.')
}

/** Like findChromium, for the whole suite: as root on Debian-based systems it installs the faster one. */
export async function findQuickChromium(report: (line: string) => void): Promise<string> {
  if (!process.env.SPACEPORT_CHROMIUM && !existsSync(headlessShell.path) && canInstallWithApt())
    await installWithApt([headlessShell.aptPackage], report).catch(({ message }: Error) => report(message))
  return findChromium(report)
}
