import type { ArchivedBlocks, TrailPart } from '#lib/features/audit/model/sealed-trail.ts'

/** @returns each block as its own part, with the rows in the first part, or after all blocks if there is none */
async function* split(parts: AsyncIterable<TrailPart>): AsyncGenerator<TrailPart> {
  for await (const part of parts) {
    if (part.archived || part.blocks.length < 2) {
      yield part
      continue
    }
    const { blocks, rows, ...rest } = part
    for (const [i, block] of blocks.entries()) yield { blocks: [block], rows: i === 0 ? rows : [] }
    // Rows without a block come last, since nothing of this source can follow.
    if (Object.keys(rest).length > 0) yield { blocks: [], rows: [], ...rest }
  }
}

/** The part's position in the chain; parts without a block come last. */
const placeOf = ({ archived, blocks }: TrailPart): number =>
  archived?.first ?? blocks[0]?.number ?? Number.POSITIVE_INFINITY

/**
 * Merges sources of one chain by block: archives, the database, and archived ranges. Each source must be ordered by
 * block. Holds one part of each in memory.
 */
export async function* mergeParts(sources: readonly AsyncIterable<TrailPart>[]): AsyncGenerator<TrailPart> {
  const iterators = sources.map((source) => split(source)[Symbol.asyncIterator]())
  try {
    const heads = await Promise.all(iterators.map((iterator) => iterator.next()))
    for (;;) {
      let first = -1
      for (const [i, head] of heads.entries()) {
        if (head.done) continue
        const best = heads[first]
        if (best === undefined || best.done || placeOf(head.value) < placeOf(best.value)) first = i
      }
      const chosen = heads[first]
      const iterator = iterators[first]
      if (chosen === undefined || chosen.done || iterator === undefined) return
      yield chosen.value
      heads[first] = await iterator.next()
    }
  } finally {
    await Promise.all(iterators.map((iterator) => iterator.return?.(undefined)))
  }
}

/** @returns a source of the archived ranges of the chain, without their rows */
export async function* archivedParts(runs: readonly ArchivedBlocks[]): AsyncGenerator<TrailPart> {
  for (const archived of [...runs].sort((a, b) => a.first - b.first)) yield { archived, blocks: [], rows: [] }
}

/** @returns the source with its gaps filled in, as far as the neighbours have the links */
export async function* bridged(parts: AsyncIterable<TrailPart>): AsyncGenerator<TrailPart> {
  let last: { number: number; hash: string } | undefined
  for await (const part of parts) {
    const [block] = part.blocks
    if (block && last && block.number > last.number + 1) {
      const archived = {
        first: last.number + 1,
        last: block.number - 1,
        previous: last.hash,
        hash: block.previous,
        rows: 0,
      }
      yield { archived, blocks: [], rows: [] }
    }
    yield part
    last = part.blocks.at(-1) ?? last
  }
}
