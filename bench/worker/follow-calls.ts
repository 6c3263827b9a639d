import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { z } from 'zod'

/** One request in the API server’s audit log. */
export type Call = { verb: string; resource: string; at: number; user: string; dryRun: boolean }

const eventSchema = z.object({
  stage: z.string(),
  verb: z.string(),
  requestURI: z.string(),
  requestReceivedTimestamp: z.string(),
  user: z.object({ username: z.string() }),
  objectRef: z.object({ resource: z.string().optional() }).optional(),
})

/** Follows an audit log from its current end. */
export function followCalls(auditLog: string) {
  let file = openSync(auditLog, 'r')
  let inode = statSync(auditLog).ino
  let position = statSync(auditLog).size
  let rest = ''

  function readOn(): string {
    const buffer = Buffer.alloc(1 << 20)
    const parts: string[] = []
    for (let read = -1; read !== 0; ) {
      read = readSync(file, buffer, 0, buffer.length, position)
      position += read
      // The log escapes all but ASCII.
      parts.push(buffer.toString('latin1', 0, read))
    }
    return parts.join('')
  }
  return {
    /** @returns the calls answered since the last read; a watch counts when it starts */
    read(): Call[] {
      let text = rest + readOn()
      // The API server rotates its log.
      if (statSync(auditLog).ino !== inode) {
        closeSync(file)
        file = openSync(auditLog, 'r')
        inode = statSync(auditLog).ino
        position = 0
        text += readOn()
      }
      const lines = text.split('\n')
      rest = lines.pop() ?? ''
      return lines.flatMap((line) => {
        const event = eventSchema.parse(JSON.parse(line))
        // A watch is logged when it starts and when it ends.
        if (event.stage !== (event.verb === 'watch' ? 'ResponseStarted' : 'ResponseComplete')) return []
        return {
          verb: event.verb,
          resource: event.objectRef?.resource ?? '',
          at: Date.parse(event.requestReceivedTimestamp),
          user: event.user.username,
          dryRun: event.requestURI.includes('dryRun=All'),
        }
      })
    },
    close: () => closeSync(file),
  }
}
