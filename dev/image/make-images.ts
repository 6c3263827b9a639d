import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildWeb } from '#dev/build/build-web.ts'
import { runCaptured } from '#dev/process/run-captured.ts'
import { projectRoot } from '#dev/project-root.ts'
import packageJson from '#package.json' with { type: 'json' }
import { nativeArchitecture } from './architecture.ts'
import { buildImages } from './build-images.ts'
import { ensureImageTools } from './ensure-tools.ts'
import { makeImageSbom } from './image-sbom.ts'
import { type ImageName, imageNames } from './images.ts'
import { describeFiles } from './list-files.ts'
import { describeProvenance, type Source } from './provenance.ts'
import { writeTrees } from './write-trees.ts'

export type MadeImage = { name: string; digest: string; files: number; packages: number }

/**
 * Builds the three images in a folder: `oci` (an image layout with a tag for each), `trees` (their files), and for each
 * image its list of files, SBOM and provenance.
 * @throws Error that says what is missing or failed
 */
export async function makeImages(
  dir: string,
  report: (line: string) => void,
  architecture = nativeArchitecture(),
): Promise<Readonly<Record<ImageName, MadeImage>>> {
  const startedOn = new Date()
  await ensureImageTools(['buildah'], report)
  report('Building the portal …')
  await buildWeb()
  report('Collecting files …')
  mkdirSync(dir, { recursive: true })
  const trees = join(dir, 'trees')
  const { system, packages } = await writeTrees(trees, architecture)
  report('Making images …')
  const source = await readSource()
  const { version } = packageJson
  const digests = await buildImages(trees, join(dir, 'oci'), { version, revision: source.revision, architecture })
  const finishedOn = new Date()

  const base = describeFiles(join(trees, 'base'))
  const distribution = `${readField(system.osRelease, 'ID')}-${readField(system.osRelease, 'VERSION_ID')}`
  const made = await Promise.all(
    imageNames.map(async (target): Promise<[ImageName, MadeImage]> => {
      const name = `spaceport-${target}`
      const files = base + describeFiles(join(trees, target))
      const sbom = await makeImageSbom(name, projectRoot, packages[target], {
        packages: system.packages,
        distribution,
        architecture,
      })
      const provenance = describeProvenance(
        { name, target, digest: digests[target], architecture },
        projectRoot,
        source,
        system.packages,
        { startedOn, finishedOn },
      )
      const write = (ending: string, text: string) => writeFileSync(join(dir, `${name}.${ending}`), text)
      write('files.tsv', files)
      write('cdx.json', `${JSON.stringify(sbom, null, 2)}\n`)
      write('provenance.json', `${JSON.stringify(provenance, null, 2)}\n`)
      return [
        target,
        { name, digest: digests[target], files: files.split('\n').length - 1, packages: sbom.components.length },
      ]
    }),
  )
  return Object.fromEntries(made) as Record<ImageName, MadeImage>
}

/** A checkout without Git, as in an archive, has no revision. */
async function readSource(): Promise<Source> {
  const git = (...args: readonly string[]) => runCaptured('git', args, { cwd: projectRoot })
  const head = await git('rev-parse', 'HEAD')
  if (head.status !== 0) return { revision: 'unknown', isModified: true }
  const { status, stdout } = await git('status', '--porcelain')
  return { revision: head.stdout.trim(), isModified: status !== 0 || stdout.trim() !== '' }
}

/** A value of os-release(5), with the shell's quotes. */
const readField = (osRelease: string, key: string) =>
  new RegExp(`^${key}="?([^"\n]*)"?$`, 'm').exec(osRelease)?.[1] ?? 'unknown'
