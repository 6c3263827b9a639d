/**
 * @param onEnd called once: when all is sent, when nobody reads any more, or when a piece can't be made
 * @returns pieces of text as a body that is made while it is sent, no faster than it is read
 */
export function streamText(pieces: AsyncIterable<string>, onEnd: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const iterator = pieces[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        let next = await iterator.next()
        // A pull that gives nothing is not asked for again.
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
