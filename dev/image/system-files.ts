import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { basename, join } from 'node:path'
import { runCaptured } from '#dev/process/run-captured.ts'

export type SystemPackage = { name: string; version: string; architecture: string; licence: string; status: string }
export type SystemFiles = {
  /** Shared libraries, by their path in the image. */
  libraries: ReadonlyMap<string, string>
  packages: readonly SystemPackage[]
  /** The text of /etc/os-release, which scanners use to choose advisories. */
  osRelease: string
}

/**
 * The system files that a program needs: the shared libraries that its loader finds, and the loader. DNS and name
 * services are part of glibc.
 * @throws Error unless the system is Debian or a derivative, whose packages record where a library comes from
 */
export async function findSystemFiles(program: string): Promise<SystemFiles> {
  const linked = await run('ldd', [program])
  // `libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x…)`, and for the loader only its path.
  const paths = [...linked.matchAll(/(?:^|\s)(\/\S+) \(0x/gm)].map(([, path = '']) => path)
  if (linked.includes('not found') || paths.length === 0) throw new Error(`A library is missing:\n${linked}`)
  const libraries = new Map(paths.map((path) => [merged(path), realpathSync(path)]))
  const owners = await Promise.all([...libraries.values()].map(ownerOf))
  const packages = await Promise.all([...new Set(owners)].sort().map(describe))
  return { libraries, packages, osRelease: readFileSync('/usr/lib/os-release', 'utf8') }
}

/** In images, `/lib` and `/lib64` are links into `/usr`, as in Debian since 12. */
const merged = (path: string) => (path.startsWith('/usr/') ? path.slice(1) : join('usr', path))

/** A package’s list of files may name a library’s folder from before or after it was merged into `/usr`. */
async function ownerOf(file: string): Promise<string> {
  const found = await run('dpkg-query', ['--search', `*/${basename(file)}`])
  const line = found
    .split('\n')
    .find((one) => [file, file.replace(/^\/usr/, '')].some((path) => one.endsWith(`: ${path}`)))
  if (line === undefined) throw new Error(`No package owns ${file}.`)
  return line.slice(0, line.indexOf(': '))
}

async function describe(name: string): Promise<SystemPackage> {
  const status = await run('dpkg-query', ['--status', name])
  const field = (key: string) => new RegExp(`^${key}: (.+)$`, 'm').exec(status)?.[1] ?? ''
  const licence = `/usr/share/doc/${field('Package')}/copyright`
  if (!existsSync(licence)) throw new Error(`The licence of ${name} is missing: ${licence}`)
  return { name: field('Package'), version: field('Version'), architecture: field('Architecture'), licence, status }
}

async function run(program: string, args: readonly string[]): Promise<string> {
  const { status, output, stdout } = await runCaptured(program, args, { env: { LC_ALL: 'C' } })
  if (status === 0) return stdout
  throw new Error(
    `Images are built on Debian or Ubuntu, or with deploy/image/Containerfile. ${program}: ${output.trim()}`,
  )
}
