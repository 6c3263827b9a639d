/**
 * Memory for the bodies of answers. Blocks are reused, because a new one for each piece would cause full garbage
 * collections. Must never reuse a block while its bytes are still being written: one person would get another's answer.
 */

export const blockBytes = 64 * 1024
const maxFreeBytes = 4 * 1024 * 1024

/** Part of a body. The receiver owns the bytes until it releases them. */
export type Piece = {
  readonly bytes: Buffer
  /** The bytes are part of no block. */
  readonly owned: boolean
  /** Gives the bytes back; don't read them afterwards. A second call does nothing. */
  release(): void
}

export type RecycledBlocks = {
  /** @returns a block with arbitrary contents */
  take(): Buffer
  /** @returns the first `length` bytes of a taken block; releasing the piece returns the block */
  lend(block: Buffer, length: number): Piece
  free(): number
}

/**
 * The block of a piece that is never released goes to the garbage collector, harmlessly.
 * @param size of a block in bytes
 */
export function createRecycledBlocks(size: number = blockBytes): RecycledBlocks {
  const free: Buffer[] = []
  const maxFree = Math.floor(maxFreeBytes / size)
  class Lent implements Piece {
    readonly bytes: Buffer
    readonly owned = false
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
    take: () => free.pop() ?? Buffer.allocUnsafeSlow(size),
    lend: (block, length) => new Lent(block, length),
    free: () => free.length,
  }
}

export const ownPiece = (bytes: Buffer): Piece => ({ bytes, owned: true, release() {} })

/** Releases a piece. @returns its bytes, in memory that is part of no block */
export function keep(piece: Piece): Buffer {
  if (piece.owned) return piece.bytes
  const copy = Buffer.from(piece.bytes)
  piece.release()
  return copy
}
