import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { projectRoot } from '#dev/project-root.ts'
import { generatePrismaClient } from '#dev/runner/generate-prisma-client.mjs'

const run = promisify(execFile)

/**
 * prisma/released.json: the release on which the migrations build. Until the first release, the first commit with this
 * file.
 */
const releasedSchema = z.strictObject({
  /** Its version; null: nothing has been released. */
  release: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/)
    .nullable(),
  /** The commit of its sources. */
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  /** Its last migration. */
  migration: z.string(),
})

export const previousRelease = () =>
  releasedSchema.parse(JSON.parse(readFileSync(join(projectRoot, 'prisma', 'released.json'), 'utf8')))

/** @returns whether Git has the previous release: a shallow clone may not */
export const hasPreviousRelease = (): Promise<boolean> =>
  run('git', ['cat-file', '-e', `${previousRelease().commit}^{commit}`], { cwd: projectRoot }).then(
    () => true,
    () => false,
  )

/**
 * Puts the sources of the previous release into a folder, where its processes can be started. They use this release's
 * packages.
 * @returns the folder
 * @throws Error when Git doesn't have them
 */
export async function unpackPreviousRelease(): Promise<string> {
  const { commit } = previousRelease()
  const releases = join(projectRoot, '.spaceport', 'releases')
  const folder = join(releases, commit)
  if (existsSync(folder)) return folder
  mkdirSync(releases, { recursive: true })
  const building = mkdtempSync(join(releases, 'unpacking-'))
  try {
    const archive = join(building, 'sources.tar')
    await run('git', ['archive', '--output', archive, commit], { cwd: projectRoot }).catch((cause: unknown) => {
      throw new Error(
        `Git doesn’t have ${commit}, the previous release (prisma/released.json). In a shallow clone: git fetch --unshallow.`,
        { cause },
      )
    })
    await run('tar', ['-xf', archive, '-C', building])
    rmSync(archive)
    symlinkSync(join(projectRoot, 'node_modules'), join(building, 'node_modules'))
    await generatePrismaClient(building)
    renameSync(building, folder)
  } finally {
    rmSync(building, { recursive: true, force: true })
  }
  return folder
}
