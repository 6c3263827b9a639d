type Reader = {
  /** Called when everything sent so far has been read. */
  onRoom: () => void
  /** Called once, when the reader has left. */
  onLeave: () => void
}

/** The body of server-sent events. At most one message is buffered, so a slow reader costs no memory. */
export function eventBody({ onRoom, onLeave }: Reader) {
  const encoder = new TextEncoder()
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const body = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given
    },
    // Not within `send`: its caller must first learn that the message was accepted.
    pull: () => queueMicrotask(onRoom),
    cancel() {
      controller = undefined
      onLeave()
    },
  })
  return {
    body,
    /** @returns whether the message was accepted; false: the reader is behind, or gone */
    send(text: string): boolean {
      if (!controller?.desiredSize || controller.desiredSize <= 0) return false
      controller.enqueue(encoder.encode(text))
      return true
    },
    close(): void {
      controller?.close()
      controller = undefined
    },
  }
}
