import { selectBlocksAfter, selectCheckpoints, selectRowsOfBlock } from '#lib/features/audit/db/chain/select-chain.ts'
import { eventOfBlock, eventOfCheckpoint, eventOfRow } from '#lib/features/audit/export/cloud-events.ts'
import { type CloudEvent, renderCloudEvent } from '#lib/features/audit/model/cloud-event.ts'
import type { ChainPlace } from '#lib/features/audit/model/trail-delivery.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { sourceOf } from './event-source.ts'

type Piece = {
  events: { event: CloudEvent; text: string }[]
  /** The position after them. */
  to: ChainPlace
  /** Whether there may be more. */
  more: boolean
  /** The number of blocks that should have come first, but were archived in the meantime. */
  missing: number
}

const blocksAtOnce = 100

/**
 * Reads the chain as events: heads of blocks, each before its rows, and checkpoints after their block.
 * @param from the position to start at
 * @param max the result ends with the event that reaches either limit
 * @param lastBlock stops after this block
 */
export async function readChain(
  { pool, portalUrl }: Pick<Services, 'pool' | 'portalUrl'>,
  from: ChainPlace,
  max: { events: number; bytes: number },
  lastBlock = Number.MAX_SAFE_INTEGER,
): Promise<Piece> {
  const source = sourceOf(portalUrl)
  const events: Piece['events'] = []
  const to = { block: from.block, position: from.position, checkpoint: from.checkpoint }
  let bytes = 0
  const isFull = () => events.length >= max.events || bytes >= max.bytes
  const add = (event: CloudEvent) => {
    const text = renderCloudEvent(event)
    events.push({ event, text })
    bytes += Buffer.byteLength(text)
  }

  const found = await selectBlocksAfter(pool, to.block, blocksAtOnce)
  const blocks = found.filter(({ number }) => number <= lastBlock)
  // A position within a block is valid only for that block.
  const missing = blocks[0] ? blocks[0].number - to.block - 1 : 0
  if (missing > 0) to.position = 0
  const upTo = blocks.at(-1)?.number ?? to.block
  const checkpoints = await selectCheckpoints(pool, { after: to.checkpoint, upTo, limit: blocksAtOnce })
  /** Checkpoints of blocks that are complete by now. */
  const addCheckpoints = () => {
    while (checkpoints[0] && checkpoints[0].block <= to.block) {
      add(eventOfCheckpoint(checkpoints[0], source))
      to.checkpoint = checkpoints[0].block
      checkpoints.shift()
    }
  }

  for (const block of blocks) {
    if (to.position === 0) {
      addCheckpoints()
      if (isFull()) return { events, to, more: true, missing }
      add(eventOfBlock(block, source))
      to.position = 1
    }
    while (to.position <= block.rows) {
      const [first, limit] = [to.position - 1, Math.max(1, max.events - events.length)]
      for (const row of await selectRowsOfBlock(pool, block, { from: first, limit })) {
        if (isFull()) return { events, to, more: true, missing }
        add(eventOfRow(row, source))
        to.position = row.index + 2
      }
      // A missing row has no event. The block's head has the original count.
      to.position = Math.min(block.rows, first + limit) + 1
    }
    to.block = block.number
    to.position = 0
  }
  addCheckpoints()
  return { events, to, more: blocks.length === blocksAtOnce || checkpoints.length > 0, missing }
}
