/** The input of a simulated container. */
export type Input = {
  /** @returns the next piece, `undefined` at the end of input @throws Interrupted on Ctrl-C */
  read: () => Promise<Buffer | undefined>
  /** @returns the next line without its end, `undefined` at the end of input @throws Interrupted as above */
  readLine: () => Promise<string | undefined>
  /** Resolves at the next Ctrl-C, which then interrupts nothing else. */
  interrupted: () => Promise<void>
}

/** Ctrl-C in a terminal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

export type InputQueue = Input & {
  /** Resolves once there is room for more. */
  push: (chunk: Buffer) => Promise<void>
  /** The end of input for one read: more may follow, as after Ctrl-D in a terminal. */
  pushEnd: () => void
  interrupt: () => void
  /** The end of input for all reads; later input is dropped. */
  close: () => void
}

const room = 256 * 1024
const maxLineBytes = 64 * 1024
const newline = 0x0a

type Item = Buffer | 'end' | 'interrupt'

/** Buffers the client's input until a command reads it. */
export function createInput(): InputQueue {
  const items: Item[] = []
  let closed = false
  let size = 0
  let readable = Promise.withResolvers<void>()
  let writable = Promise.withResolvers<void>()
  let interrupted: PromiseWithResolvers<void> | undefined

  const add = (item: Item) => {
    if (closed) return
    items.push(item)
    readable.resolve()
  }
  const take = async (): Promise<Buffer | undefined> => {
    while (items.length === 0 && !closed) {
      readable = Promise.withResolvers()
      await readable.promise
    }
    const item = items.shift()
    if (item === 'interrupt') throw new Interrupted()
    if (item === undefined || item === 'end') return undefined
    size -= item.length
    if (size < room) writable.resolve()
    return item
  }
  const putBack = (rest: Buffer) => {
    if (rest.length === 0) return
    size += rest.length
    items.unshift(rest)
  }

  return {
    read: take,
    readLine: async () => {
      let line = Buffer.alloc(0)
      while (line.length < maxLineBytes) {
        const chunk = await take()
        if (chunk === undefined) return line.length > 0 ? line.toString() : undefined
        const end = chunk.indexOf(newline)
        line = Buffer.concat([line, end < 0 ? chunk : chunk.subarray(0, end)])
        if (end < 0) continue
        putBack(chunk.subarray(end + 1))
        break
      }
      return line.toString()
    },
    interrupted: () => {
      interrupted = Promise.withResolvers()
      return interrupted.promise
    },
    push: async (chunk) => {
      size += chunk.length
      add(chunk)
      while (size >= room && !closed) {
        writable = Promise.withResolvers()
        await writable.promise
      }
    },
    pushEnd: () => add('end'),
    interrupt: () => {
      // Type-ahead is discarded, as in a real terminal.
      items.length = 0
      size = 0
      writable.resolve()
      if (interrupted) interrupted.resolve()
      else add('interrupt')
      interrupted = undefined
    },
    close: () => {
      closed = true
      readable.resolve()
      writable.resolve()
    },
  }
}
