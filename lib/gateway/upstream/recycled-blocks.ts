/**
 * The memory in which bodies of answers are handed on. Blocks are used again and again, because fresh ones for every piece
 * cost full garbage collections. Must never give a block to a second answer while the first is still being written: that
 * would be other people's bytes.
 */

export const blockBytes = 64 * 1024
const maxFree = 64

/** Part of a body. Whoever gets one owns its bytes until they release them. */
export type Piece = {
  readonly bytes: Buffer
  /** The bytes are not looked at any more. A second call does nothing. */
  release(): void
}

export type RecycledBlocks = {
  /** @returns a block of `blockBytes` with anything in it */
  take(): Buffer
  /** @returns the first `length` bytes of a block that was taken; its release gives the block back */
  lend(block: Buffer, length: number): Piece
  /** How many wait to be used again. */
  free(): number
}

/** A piece that is never released costs a block, which the garbage collector takes: nothing breaks. */
export function createRecycledBlocks(): RecycledBlocks {
  const free: Buffer[] = []
  class Lent implements Piece {
    readonly bytes: Buffer
    #block: Buffer | undefined
    constructor(block: Buffer, length: number) {
      this.#block = block
      this.bytes = block.subarray(0, length)
    }
    release(): void {
      const block = this.#block
      if (block === undefined) return
      this.#block = undefined
      if (free.length < maxFree) free.push(block)
    }
  }
  return {
    take: () => free.pop() ?? Buffer.allocUnsafeSlow(blockBytes),
    lend: (block, length) => new Lent(block, length),
    free: () => free.length,
  }
}

/** @returns bytes that belong to nobody else, as a piece */
export const ownPiece = (bytes: Buffer): Piece => ({ bytes, release() {} })

/** @returns a copy that stays what it is, and lets go of the piece */
export function keep(piece: Piece): Buffer {
  const copy = Buffer.from(piece.bytes)
  piece.release()
  return copy
}
