const maxWaitingBytes = 256 * 1024

/**
 * Merges several texts into one body, in the order in which chunks arrive, and no faster than it is read: all sources
 * wait while too much is unread.
 * @param onEnd called once: when all have ended, when the reader leaves, or when one fails
 */
export function mergeStreams(texts: readonly AsyncIterable<string>[], onEnd: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let wake = Promise.withResolvers<void>()
  let isOver = false
  const end = () => {
    if (isOver) return
    isOver = true
    wake.resolve()
    onEnd()
  }
  async function pump(text: AsyncIterable<string>, controller: ReadableStreamDefaultController<Uint8Array>) {
    for await (const piece of text) {
      while (!isOver && (controller.desiredSize ?? 0) <= 0) await wake.promise
      if (isOver) return
      controller.enqueue(encoder.encode(piece))
    }
  }
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        Promise.all(texts.map((text) => pump(text, controller))).then(
          () => {
            if (!isOver) controller.close()
            end()
          },
          (error: unknown) => {
            if (!isOver) controller.error(error)
            end()
          },
        )
      },
      pull() {
        wake.resolve()
        wake = Promise.withResolvers<void>()
      },
      cancel: end,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: maxWaitingBytes }),
  )
}
