import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { runCaptured } from '#dev/process/run-captured.ts'
import { type Architecture, ociNames } from './architecture.ts'
import { readNeededLibraries } from './needed-libraries.ts'
import type { SystemFiles, SystemPackage } from './system-files.ts'

/** The packages with Node's libraries and its loader. */
const packageNames = ['libc6', 'libgcc-s1', 'libstdc++6']

/**
 * The system files that a program for another processor needs, like findSystemFiles for this one, from packages of the
 * system's own mirror. APT gets a state of its own, so the system doesn't change.
 * @param work an empty folder, which keeps the libraries until the image is built
 * @throws Error when APT can't reach its mirror, or no package has a needed library
 */
export async function findForeignSystemFiles(
  program: string,
  architecture: Architecture,
  work: string,
): Promise<SystemFiles> {
  const root = join(work, 'root')
  const packages: SystemPackage[] = []
  for (const file of await downloadPackages(ociNames[architecture], work)) {
    await run('dpkg-deb', ['--extract', file, root])
    packages.push(await describePackage(file, root))
  }
  return {
    libraries: resolveLibraries(program, root),
    packages,
    osRelease: readFileSync('/usr/lib/os-release', 'utf8'),
  }
}

/** @returns the downloaded .deb files, by name */
async function downloadPackages(architecture: string, work: string): Promise<string[]> {
  const [lists, cache, debs] = [join(work, 'lists'), join(work, 'cache'), join(work, 'debs')]
  for (const dir of [join(lists, 'partial'), join(cache, 'archives', 'partial'), debs])
    mkdirSync(dir, { recursive: true })
  const status = join(work, 'status')
  writeFileSync(status, '')
  const settings = [
    `Dir::State::lists=${lists}`,
    `Dir::State::status=${status}`,
    `Dir::Cache=${cache}`,
    `APT::Architecture=${architecture}`,
    `APT::Architectures=${architecture}`,
    // APT's own user can't write to a folder that only we may.
    'APT::Sandbox::User=root',
  ].flatMap((setting) => ['-o', setting])
  await run('apt-get', [...settings, 'update'])
  await run('apt-get', [...settings, 'download', ...packageNames], debs)
  rmSync(lists, { recursive: true })
  return readdirSync(debs)
    .sort()
    .map((name) => join(debs, name))
}

async function describePackage(file: string, root: string): Promise<SystemPackage> {
  const control = await run('dpkg-deb', ['--field', file])
  const field = (key: string) => new RegExp(`^${key}: (.+)$`, 'm').exec(control)?.[1] ?? ''
  const licence = join(root, 'usr/share/doc', field('Package'), 'copyright')
  // libgcc-s1 and libstdc++6 link their licences to that of their common base, which the system has.
  const text = existsSync(licence) ? licence : `/usr/share/doc/${field('Package')}/copyright`
  if (!existsSync(text)) throw new Error(`The licence of ${field('Package')} is missing: ${text}`)
  const status = control.replace(/^(Package: .+\n)/, '$1Status: install ok installed\n')
  return {
    name: field('Package'),
    version: field('Version'),
    architecture: field('Architecture'),
    licence: text,
    status,
  }
}

/** @returns the libraries that a program and its libraries need, by their path in the image */
function resolveLibraries(program: string, root: string): Map<string, string> {
  const { needed, interpreter } = readNeededLibraries(program)
  if (interpreter === null) throw new Error(`${program} names no loader.`)
  const files = filesBelow(root)
  const libraries = new Map<string, string>()
  const wanted = [...needed, basename(interpreter)]
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const path = files.find((file) => basename(file) === name)
    if (path === undefined) throw new Error(`No package of ${packageNames.join(', ')} has ${name}.`)
    const place = name === basename(interpreter) ? interpreter.slice(1) : relative(root, path)
    const inImage = place.startsWith('usr/') ? place : join('usr', place)
    if (libraries.has(inImage)) continue
    const real = realpathSync(path)
    libraries.set(inImage, real)
    wanted.push(...readNeededLibraries(real).needed)
  }
  return libraries
}

const filesBelow = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))

async function run(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const { status, output, stdout } = await runCaptured(program, args, { env: { LC_ALL: 'C' }, ...(cwd && { cwd }) })
  if (status === 0) return stdout
  throw new Error(`Images for another processor are built on Debian or Ubuntu. ${program}: ${output.trim()}`)
}
