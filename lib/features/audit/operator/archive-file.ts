import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { type TrailMonth, trailMonthName } from '#lib/kernel/model/audit/trail-month.ts'

/** Longer than a block of a thousand rows. */
const maxLineLength = 1_000_000

/** @returns the paths of a month's archive and its manifest */
export function archivePaths(dir: string, month: TrailMonth): { file: string; manifest: string } {
  const base = join(dir, `spaceport-trail-${trailMonthName(month)}`)
  return { file: `${base}.ndjson.gz`, manifest: `${base}.json` }
}

/**
 * Creates a private file, replacing one from an interrupted run. Never writes to an existing file or through a link,
 * which another user may have put there.
 */
export async function createFile(path: string): Promise<FileHandle> {
  await rm(path, { force: true })
  return open(path, 'wx', 0o600)
}

/** Writes lines into a compressed file and flushes it to disk. */
export async function writeLines(path: string, lines: AsyncIterable<string>): Promise<void> {
  const handle = await createFile(path)
  try {
    await pipeline(gathered(lines), createGzip(), async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) await handle.write(piece)
    })
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Joins lines into larger pieces, which saves calls. */
async function* gathered(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let text = ''
  for await (const line of lines) {
    text += `${line}\n`
    if (text.length > 65_536) {
      yield text
      text = ''
    }
  }
  yield text
}

/** Renames a file to its final name, and flushes the folder to disk. */
export async function settleFile(from: string, to: string): Promise<void> {
  await rename(from, to)
  let folder: FileHandle | undefined
  try {
    folder = await open(dirname(to), 'r')
    await folder.sync()
  } finally {
    await folder?.close()
  }
}

/**
 * Reads the lines of a compressed file. Afterwards, `digest` is the SHA-256 of the file in hex, and `bytes` its size.
 */
export function readLines(path: string): {
  lines: AsyncIterable<string>
  digest: () => { sha256: string; bytes: number }
} {
  const hash = createHash('sha256')
  let bytes = 0
  const tap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  async function* lines(): AsyncGenerator<string> {
    const unzip = createGunzip()
    const reading = pipeline(createReadStream(path), tap, unzip)
    // The error is thrown below.
    reading.catch(() => {})
    // Only a line feed ends a line. JSON may contain other characters that some readers treat as line breaks.
    let rest = ''
    for await (const chunk of unzip.setEncoding('utf8')) {
      const whole = `${rest}${chunk}`.split('\n')
      rest = whole.pop() ?? ''
      if (rest.length > maxLineLength) throw new Error(`${path} has a line that is longer than any row or block`)
      yield* whole
    }
    if (rest !== '') yield rest
    await reading
  }
  return { lines: lines(), digest: () => ({ sha256: hash.digest('hex'), bytes }) }
}
