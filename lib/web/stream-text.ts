/** @returns pieces of text as a body that is made while it is sent, no faster than it is read */
export function streamText(pieces: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const iterator = pieces[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done) controller.close()
      else if (value !== '') controller.enqueue(encoder.encode(value))
      else await this.pull?.(controller)
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}
