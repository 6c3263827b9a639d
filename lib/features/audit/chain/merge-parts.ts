import type { ArchivedBlocks, TrailPart } from '#lib/features/audit/model/sealed-trail.ts'

/** @returns each block in a part of its own; the rows come with the first of them, or after all where there is none */
async function* split(parts: AsyncIterable<TrailPart>): AsyncGenerator<TrailPart> {
  for await (const part of parts) {
    if (part.archived || part.blocks.length < 2) {
      yield part
      continue
    }
    const { blocks, rows, ...rest } = part
    for (const [i, block] of blocks.entries()) yield { blocks: [block], rows: i === 0 ? rows : [] }
    // What has no block comes last: nothing of this source could come after it.
    if (Object.keys(rest).length > 0) yield { blocks: [], rows: [], ...rest }
  }
}

/** The place of a part in the chain; what has no block comes last. */
const placeOf = ({ archived, blocks }: TrailPart): number =>
  archived?.first ?? blocks[0]?.number ?? Number.POSITIVE_INFINITY

/**
 * Puts several sources of one chain into the order of their blocks: archives, the database, and what is only known to have
 * been archived. Each is in that order itself; holds one part of each in memory.
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

/** @returns stretches of the chain whose rows are elsewhere, as a source */
export async function* archivedParts(runs: readonly ArchivedBlocks[]): AsyncGenerator<TrailPart> {
  for (const archived of [...runs].sort((a, b) => a.first - b.first)) yield { archived, blocks: [], rows: [] }
}

/** @returns a part of the chain with its gaps filled in, as far as what is around them says what they link */
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
