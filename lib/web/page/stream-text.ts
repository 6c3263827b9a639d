/**
 * @param onEnd called once: when everything is sent, when the reader leaves, or when a piece fails
 * @returns a body that produces pieces of text as it is sent, no faster than it is read
 */
export function streamText(pieces: AsyncIterable<string>, onEnd: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const iterator = pieces[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        let next = await iterator.next()
        // A pull that enqueues nothing is not repeated.
        while (!next.done && next.value === '') next = await iterator.next()
        if (!next.done) return controller.enqueue(encoder.encode(next.value))
      } catch (error) {
        onEnd()
        throw error
      }
      controller.close()
      onEnd()
    },
    async cancel() {
      onEnd()
      await iterator.return?.()
    },
  })
}
