import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type ArchiveLine, partsOfLines } from '#lib/features/audit/chain/archive-lines.ts'
import { archivedParts, mergeParts } from '#lib/features/audit/chain/merge-parts.ts'
import { type ArchivedMonth, hasBlocks, selectArchivedMonths } from '#lib/features/audit/db/chain/archive-month.ts'
import { type BlockRange, readTrailParts } from '#lib/features/audit/db/chain/read-trail-parts.ts'
import type { ArchivedBlocks, TrailPart } from '#lib/features/audit/model/sealed-trail.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { parseTrailMonth, type TrailMonth } from '#lib/kernel/model/audit/trail-month.ts'
import { readLines } from './archive-file.ts'

/** The SHA-256 (hex) of archived months' files, as recorded in rows with valid hashes. */
type SealedDigests = ReadonlyMap<TrailMonth, readonly string[]>

type ArchiveFile = { month: number; file: string }

/** @returns the archived months in a folder, by file name */
async function listArchives(dir: string): Promise<ArchiveFile[]> {
  const names = await readdir(dir)
  return names.flatMap((name) => {
    const month = parseTrailMonth(/^spaceport-trail-(.+)\.ndjson\.gz$/.exec(name)?.[1] ?? '')
    return month === null ? [] : [{ month, file: join(dir, name) }]
  })
}

/** Ends at a damaged place in a file. The missing rest is then missing in the chain. */
async function* untilBroken(
  parts: AsyncIterable<TrailPart>,
  onError: (why: string) => void,
): AsyncGenerator<TrailPart> {
  try {
    yield* parts
  } catch (error) {
    onError(error instanceof Error ? error.message : String(error))
  }
}

/** @returns the chain's ranges in archived months that are not in the database */
async function runsElsewhere(pool: Pool, months: readonly ArchivedMonth[]): Promise<ArchivedBlocks[]> {
  const gone = await Promise.all(
    months.map(async (one) =>
      (await hasBlocks(pool, one.month)) ? [] : one.runs.map((run) => ({ ...run, month: one.month })),
    ),
  )
  return gone.flat()
}

/** Reads a part of the chain from the database. Of archived months in it, only the links. */
export async function partOfTrail(pool: Pool, range: BlockRange): Promise<AsyncIterable<TrailPart>> {
  const runs = await runsElsewhere(pool, await selectArchivedMonths(pool))
  const within = runs.filter(({ first, last }) => first >= range.first && last <= range.last)
  return mergeParts([archivedParts(within), readTrailParts(pool, range)])
}

/**
 * Reads the chain from its first block: archived months from their files if given, otherwise only their links; then the
 * database. A file is ignored while its month is still in the database.
 * @param dirs folders with archives
 * @param others receives the checkpoints and keys in the files
 * @returns the parts; and, after they were read and verified, the problems with the files themselves, as sentences
 */
export async function wholeTrail(
  pool: Pool,
  dirs: readonly string[],
  others: (line: ArchiveLine) => void = () => {},
): Promise<{ parts: AsyncIterable<TrailPart>; faults: (sealed: SealedDigests) => string[] }> {
  const recorded = await selectArchivedMonths(pool)
  const found = (await Promise.all(dirs.map(listArchives))).flat()
  const files = await Promise.all(
    [...new Map(found.map((one) => [one.month, one])).values()].map(async (one) => ({
      ...one,
      ...readLines(one.file),
      // The database hasn't detached the month, or its owner has attached it again.
      isHere: await hasBlocks(pool, one.month),
    })),
  )
  const read = files.filter(({ isHere }) => !isHere)
  const unread = new Map<string, string>()
  const without = recorded.filter(({ month }) => !read.some((one) => one.month === month))
  return {
    parts: mergeParts([
      ...read.map(({ file, lines }) => untilBroken(partsOfLines(lines, others), (why) => unread.set(file, why))),
      archivedParts(await runsElsewhere(pool, without)),
      readTrailParts(pool),
    ]),
    faults: (sealed) =>
      files.flatMap(({ month, file, digest, isHere }) => {
        if (isHere) return []
        const why = unread.get(file)
        if (why !== undefined) return [`${file} can’t be read to its end: ${why}`]
        const record = recorded.find((one) => one.month === month)
        if (!record) return [`${file}: the database has no record that this month was archived`]
        const known = [record.sha256, ...(sealed.get(month) ?? [])]
        const { sha256: actual } = digest()
        return known.every((sha256) => sha256 === actual)
          ? []
          : [`${file} is not the archived file, which has the SHA-256 ${known.join(' or ')}`]
      }),
  }
}
