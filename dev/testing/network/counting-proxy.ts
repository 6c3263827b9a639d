import { startTcpProxy } from './tcp-proxy.ts'

/** The traffic to Postgres: the number of statements and of round trips. */
export type Traffic = {
  /** Statements by the name of the connection that sent them (application_name). */
  statements: Record<string, number>
  /** How often a statement was sent while none was pending: parallel statements are one round trip. */
  roundTrips: number
  /** Statements still pending when counting began: statements beside them are no round trip of their own. */
  underWayBefore: number
}

/** Parallel statements reach Postgres within this time, unless the machine is very busy. */
const heldBackMs = 100

/**
 * A TCP proxy in front of Postgres that counts statements by its protocol (PostgreSQL documentation, “Message
 * Formats”): each ends with a Sync, or is a simple Query, and is answered by a ReadyForQuery.
 */
export async function startCountingProxy(target: { host: string; port: number }) {
  let traffic: Traffic = { statements: {}, roundTrips: 0, underWayBefore: 0 }
  let underWay = 0
  let delayMs = 0
  const proxy = await startTcpProxy(target, (client, upstream) => {
    let name = ''
    // Until the first ReadyForQuery, the connection is being opened.
    let open = false
    let pending = 0
    const ask = () => {
      if (underWay === 0) traffic.roundTrips++
      traffic.statements[name] = (traffic.statements[name] ?? 0) + 1
      pending++
      underWay++
    }
    const answer = () => {
      if (open && pending > 0) {
        pending--
        underWay--
      }
      open = true
    }
    const readClient = readMessages(true, (type, body) => {
      if (type === '') name = /application_name\0([^\0]*)/.exec(body.toString())?.[1] ?? ''
      else if (open && (type === 'S' || type === 'Q')) ask()
    })
    const readUpstream = readMessages(false, (type) => {
      if (type === 'Z') answer()
    })
    client.on('data', readClient).pipe(upstream)
    const held: { chunk: Buffer; due: number }[] = []
    const pass = () => {
      const now = performance.now()
      for (let [next] = held; next && next.due <= now; [next] = held) {
        held.shift()
        readUpstream(next.chunk)
        if (client.writable) client.write(next.chunk)
      }
      if (held[0]) setTimeout(pass, held[0].due - now)
    }
    upstream.on('data', (chunk: Buffer) => {
      held.push({ chunk, due: performance.now() + delayMs })
      if (held.length === 1) pass()
    })
    client.on('close', () => {
      underWay -= pending
      pending = 0
    })
  })
  return {
    port: proxy.port,
    /**
     * @param patience how long to hold back answers from now on, in tenths of a second, so that parallel statements are
     * one round trip; 0: not at all, and round trips mean nothing
     * @returns the counts since the last call
     */
    take(patience = 0): Traffic {
      delayMs = heldBackMs * patience
      const taken = traffic
      traffic = { statements: {}, roundTrips: 0, underWayBefore: underWay }
      return taken
    },
    close: proxy.close,
  }
}

/** @param startup whether the first message has no type, as a client's */
function readMessages(startup: boolean, onMessage: (type: string, body: Buffer) => void) {
  let rest: Buffer = Buffer.alloc(0)
  let untyped = startup
  return (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const lengthAt = untyped ? 0 : 1
      if (rest.length < lengthAt + 4) return
      const end = lengthAt + rest.readInt32BE(lengthAt)
      if (rest.length < end) return
      onMessage(untyped ? '' : String.fromCharCode(rest[0] ?? 0), rest.subarray(lengthAt + 4, end))
      untyped = false
      rest = rest.subarray(end)
    }
  }
}
