type Reader = {
  /** Called whenever everything sent so far has been read. */
  onRoom: () => void
  /** Called once the reader has left. */
  onLeave: () => void
}

/** The body of server-sent events. At most one message waits to be read: a slow reader costs no memory. */
export function eventBody({ onRoom, onLeave }: Reader) {
  const encoder = new TextEncoder()
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const body = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given
    },
    // Not from within `send`, whose caller doesn’t know yet that it was taken.
    pull: () => queueMicrotask(onRoom),
    cancel() {
      controller = undefined
      onLeave()
    },
  })
  return {
    body,
    /** @returns whether it was taken; false: the reader is behind, or gone */
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
