import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { charts, namespace, objectsIn, openHelm, values } from '#deploy/helm/helm.ts'
import { documentedWith, openInstallation } from '#deploy/helm/installation.ts'
import { imageNames } from '#dev/image/images.ts'
import { readNeededLibraries } from '#dev/image/needed-libraries.ts'
import { runCaptured } from '#dev/process/run-captured.ts'
import packageJson from '#package.json' with { type: 'json' }
import { makeRelease } from './make-release.ts'

const dir = mkdtempSync(join(tmpdir(), 'spaceport-release-'))
const folder = join(dir, 'release')
const { version } = packageJson
const inRelease = (name: string) => join(folder, name)

beforeAll(async () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  writeFileSync(join(dir, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
  await makeRelease(folder, join(dir, 'key.pem'), () => {})
}, 900_000)
afterAll(() => rmSync(dir, { recursive: true, force: true }))

async function run(program: string, ...args: string[]): Promise<string> {
  const { status, output, stdout } = await runCaptured(program, args, { cwd: folder })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${output}`)
  return stdout
}

test('a release is images, charts, a base for Kustomize, SBOMs and checksums', () => {
  const ofImages = imageNames.flatMap((name) => [
    `spaceport-${name}-${version}.oci.tar`,
    ...['amd64', 'arm64'].flatMap((processor) =>
      ['cdx.json', 'files.tsv', 'provenance.json'].map(
        (ending) => `spaceport-${name}-${version}-${processor}.${ending}`,
      ),
    ),
  ])
  expect(readdirSync(folder).sort()).toEqual(
    [
      ...ofImages,
      `spaceport-${version}.tgz`,
      `spaceport-cluster-${version}.tgz`,
      `spaceport-kustomize-${version}.tar.gz`,
      `spaceport-${version}.cdx.json`,
      ...['SHA256SUMS', 'SHA256SUMS.pub', 'SHA256SUMS.sig'],
    ].sort(),
  )
})

test('the checksums match the files, and are signed', async () => {
  const checked = await run('sha256sum', '--check', '--strict', 'SHA256SUMS')
  expect(checked.trim().split('\n')).toHaveLength(readdirSync(folder).length - 3)
  const key = createPublicKey(readFileSync(inRelease('SHA256SUMS.pub')))
  const signature = readFileSync(inRelease('SHA256SUMS.sig'))
  expect(verify(null, readFileSync(inRelease('SHA256SUMS')), key, signature)).toBe(true)
  const altered = Buffer.concat([readFileSync(inRelease('SHA256SUMS')), Buffer.from(' ')])
  expect(verify(null, altered, key, signature)).toBe(false)
})

/** The machine in an ELF header: System V ABI, e_machine. */
const machines: Readonly<Record<string, number>> = { amd64: 62, arm64: 183 }

test.each(imageNames)(
  'the archive of %s has an image for each processor, with Node and all its libraries',
  async (name) => {
    const layout = join(dir, `layout-${name}`)
    await run('mkdir', layout)
    await run('tar', '-xf', `spaceport-${name}-${version}.oci.tar`, '-C', layout)
    const readJson = (path: string) => JSON.parse(readFileSync(join(layout, path), 'utf8'))
    const blob = (digest: string) => join('blobs', ...digest.split(':'))
    const [top] = readJson('index.json').manifests
    expect(top.annotations).toEqual({ 'org.opencontainers.image.ref.name': version })
    const { manifests } = readJson(blob(top.digest))
    expect(manifests.map(({ platform }: { platform: object }) => platform)).toEqual([
      { architecture: 'amd64', os: 'linux' },
      { architecture: 'arm64', os: 'linux' },
    ])
    for (const { digest, platform } of manifests) {
      const manifest = readJson(blob(digest))
      expect(readJson(blob(manifest.config.digest))).toMatchObject({ architecture: platform.architecture, os: 'linux' })
      const root = join(dir, `root-${name}-${platform.architecture}`)
      await run('mkdir', root)
      for (const layer of manifest.layers) await run('tar', '-xf', join(layout, blob(layer.digest)), '-C', root)
      const node = join(root, 'usr/bin/node')
      expect(readFileSync(node).readUInt16LE(18)).toBe(machines[platform.architecture])
      const { needed, interpreter } = readNeededLibraries(node)
      const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
      expect(needed.length).toBeGreaterThan(3)
      for (const library of needed)
        expect(
          files.some((file) => file.endsWith(`/${library}`)),
          library,
        ).toBe(true)
      expect(files).toContain(`usr${interpreter?.replace(/^\/usr/, '')}`)
      // A shared loader's path goes through a link of the image.
      expect(readFileSync(join(root, interpreter ?? '')).readUInt16LE(18)).toBe(machines[platform.architecture])
    }
  },
)

test('the charts are complete, and have no links', async () => {
  for (const chart of [`spaceport-${version}.tgz`, `spaceport-cluster-${version}.tgz`]) {
    const entries = (await run('tar', '-tvzf', chart)).trim().split('\n')
    expect(entries.length).toBeGreaterThan(5)
    expect(entries.filter((entry) => !entry.startsWith('-'))).toEqual([])
  }
  const helm = await openHelm()
  try {
    const packed = await helm.render(inRelease(`spaceport-${version}.tgz`), '--values', values.full)
    expect(packed).toEqual(await helm.render(charts.spaceport, '--values', values.full))
    expect(await helm.render(inRelease(`spaceport-cluster-${version}.tgz`))).toEqual(await helm.render(charts.cluster))
  } finally {
    await helm.close()
  }
})

test('a chart copied without its linked files is refused, not empty', async () => {
  const helm = await openHelm()
  try {
    const copy = join(dir, 'copied-chart')
    await run('cp', '-r', charts.spaceport, copy)
    const { status, output } = await helm.run('template', 'spaceport', copy, '--values', values.least)
    expect(status).not.toBe(0)
    expect(output).toContain('spaceport-cluster')
    await run('cp', '-r', charts.cluster, join(dir, 'copied-cluster-chart'))
    expect(await helm.render(join(dir, 'copied-cluster-chart'))).toEqual(await helm.render(charts.cluster))
  } finally {
    await helm.close()
  }
})

test('Helm installs a cluster from the release’s files alone', async () => {
  const installation = await openInstallation()
  try {
    await installation.kubectl.ok(['create', 'namespace', namespace])
    await installation.helm.ok('install', ...documentedWith(inRelease(`spaceport-${version}.tgz`)))
    await installation.proved()
    expect(await installation.fencesProblems()).toEqual([])
    const names = (await installation.list('deployments')).map(({ metadata }) => metadata.name)
    expect(names.sort()).toEqual(['spaceport-gateway', 'spaceport-web', 'spaceport-worker'])
  } finally {
    await installation.close()
  }
}, 600_000)

test('kubectl builds the overlay of the release, and its manifests are those of the chart', async () => {
  await run('tar', '-xzf', `spaceport-kustomize-${version}.tar.gz`, '-C', dir)
  const unpacked = join(dir, `spaceport-kustomize-${version}`)
  const built = objectsIn(await run(inject('binaries').kubectl, 'kustomize', join(unpacked, 'example')))
  expect(built.filter(({ kind }) => kind === 'Deployment')).toHaveLength(3)
  const manifests = readdirSync(join(unpacked, 'manifests')).sort()
  expect(manifests).toEqual(readdirSync(join(charts.cluster, 'templates')).sort())
})

test('a folder that isn’t empty stays as it is', async () => {
  await expect(makeRelease(folder, null, () => {})).rejects.toThrow('isn’t empty')
  await expect(makeRelease(join(dir, 'other'), join(dir, 'no-key.pem'), () => {})).rejects.toThrow(
    'is not a private key',
  )
  expect(readdirSync(dir)).not.toContain('other')
})
