/**
 * @param onEnd called once: when everything is sent, when the reader leaves, or when a piece fails
 * @returns a body that produces pieces as it is sent, no faster than it is read; text becomes UTF-8
 */
export function streamText(pieces: AsyncIterable<string | Uint8Array>, onEnd: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const iterator = pieces[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        let next = await iterator.next()
        // A pull that enqueues nothing is not repeated.
        while (!next.done && next.value.length === 0) next = await iterator.next()
        if (!next.done)
          return controller.enqueue(typeof next.value === 'string' ? encoder.encode(next.value) : next.value)
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
