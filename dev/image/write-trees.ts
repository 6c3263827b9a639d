import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { projectRoot } from '#dev/project-root.ts'
import { type Architecture, nativeArchitecture } from './architecture.ts'
import { findNode } from './find-node.ts'
import { findForeignSystemFiles } from './foreign-system-files.ts'
import { appDir, entries, type ImageName, imageNames } from './images.ts'
import { listFiles } from './list-files.ts'
import { packageOf, readShipped, runsOn } from './production-packages.ts'
import { findSystemFiles, type SystemFiles } from './system-files.ts'
import { traceSources } from './trace-sources.ts'

/** Folders of npm packages in an image, or in its build's output. */
export type Trees = { system: SystemFiles; packages: Readonly<Record<ImageName, readonly string[]>> }

/** Packages that web’s build includes only to shrink images, which no page has. */
const unused = /^node_modules\/(@img|sharp|detect-libc|semver)\//

/**
 * Writes the files of the images: `base` (Node and its system files), and the additions of each image. Modes don't
 * depend on the umask; owners and times are set when the image is built.
 * @param into a folder that is recreated
 */
export async function writeTrees(into: string, architecture: Architecture = nativeArchitecture()): Promise<Trees> {
  rmSync(into, { recursive: true, force: true })
  const work = mkdtempSync(join(tmpdir(), 'spaceport-trees-'))
  try {
    const node = await findNode(architecture, work)
    const program = join(node, 'bin', 'node')
    const system = await (architecture === nativeArchitecture()
      ? findSystemFiles(program)
      : findForeignSystemFiles(program, architecture, work))
    writeBase(join(into, 'base'), node, system)
    return { system, packages: await writeApps(into, architecture) }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

async function writeApps(into: string, architecture: Architecture): Promise<Trees['packages']> {
  const shipped = Object.entries(readShipped(projectRoot))
    .filter(([, locked]) => runsOn(locked, architecture))
    .map(([path]) => path)
  const packages: Record<ImageName, readonly string[]> = { web: [], gateway: [], worker: [] }
  for (const name of imageNames) {
    const app = join(into, name, appDir)
    if (name === 'web') {
      const build = join(projectRoot, '.next', 'standalone')
      copyFiles(
        build,
        app,
        listFiles(build).filter((path) => isServed(path)),
      )
      // Packages in the browser’s and the server’s bundles no longer have a folder of their own.
      packages.web = shipped.filter((path) => existsSync(join(projectRoot, path)) && !unused.test(`${path}/`))
    } else {
      const files = await traceSources(projectRoot, entries[name])
      copyFiles(projectRoot, app, files)
      packages[name] = [...new Set(files.map(packageOf).filter((path) => path !== null))]
    }
    for (const path of packages[name]) copyLicences(path, join(into, name, 'usr/share/doc/spaceport', path))
  }
  return packages
}

/** The sources are in the build’s bundles; the stamp is only for builds on this machine. */
const isServed = (path: string) => !unused.test(path) && !path.startsWith('lib/') && path !== '.source-hash'

function writeBase(base: string, node: string, { libraries, packages, osRelease }: SystemFiles): void {
  for (const dir of ['dev', 'proc', 'run', 'sys', 'var/lib/dpkg/status.d']) makeDir(join(base, dir))
  makeDir(join(base, 'tmp'), 0o1777)
  copy(join(node, 'bin', 'node'), join(base, 'usr/bin/node'), 0o755)
  copy(join(node, 'LICENSE'), join(base, 'usr/share/doc/node/copyright'))
  for (const [to, from] of libraries) copy(from, join(base, to), 0o755)
  for (const dir of new Set([...libraries.keys()].map((path) => path.split('/')[1] ?? '')))
    link(`usr/${dir}`, join(base, dir))
  for (const { name, licence, status } of packages) {
    copy(licence, join(base, 'usr/share/doc', name, 'copyright'))
    write(join(base, 'var/lib/dpkg/status.d', name), status)
  }
  write(join(base, 'etc/os-release'), osRelease)
  write(join(base, 'etc/nsswitch.conf'), 'hosts: files dns\n')
  write(join(base, 'etc/passwd'), 'root:x:0:0:root:/:/nonexistent\nspaceport:x:65532:65532:Spaceport:/:/nonexistent\n')
  write(join(base, 'etc/group'), 'root:x:0:\nspaceport:x:65532:\n')
}

const licenceName = /^(licen[cs]e|notice|copying)/i

function copyLicences(path: string, to: string): void {
  const from = join(projectRoot, path)
  for (const entry of readdirSync(from, { withFileTypes: true }))
    if (entry.isFile() && licenceName.test(entry.name)) copy(join(from, entry.name), join(to, entry.name))
}

function copyFiles(from: string, to: string, paths: readonly string[]): void {
  for (const path of paths) {
    const file = join(from, path)
    if (lstatSync(file).isSymbolicLink()) link(readlinkSync(file), join(to, path))
    else copy(file, join(to, path))
  }
}

function link(target: string, to: string): void {
  makeDir(dirname(to))
  symlinkSync(target, to)
}

function copy(from: string, to: string, mode = 0o644): void {
  makeDir(dirname(to))
  copyFileSync(from, to, constants.COPYFILE_FICLONE)
  chmodSync(to, mode)
}

function write(to: string, text: string): void {
  makeDir(dirname(to))
  writeFileSync(to, text)
  chmodSync(to, 0o644)
}

function makeDir(dir: string, mode = 0o755): void {
  const first = mkdirSync(dir, { recursive: true })
  if (first === undefined) return
  for (let made = dir; made.length >= first.length; made = dirname(made)) chmodSync(made, mode)
}
