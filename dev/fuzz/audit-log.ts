import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { z } from 'zod'

/**
 * https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/#audit-k8s-io-v1-Event, only the compared fields.
 */
const eventSchema = z.object({
  auditID: z.string(),
  stage: z.string(),
  requestURI: z.string(),
  verb: z.string(),
  /** Without a name if the request was refused before authentication. */
  user: z.object({ username: z.string().optional() }),
  impersonatedUser: z.object({ username: z.string() }).optional(),
  objectRef: z
    .object({
      resource: z.string().default(''),
      namespace: z.string().default(''),
      name: z.string().default(''),
      apiGroup: z.string().default(''),
      apiVersion: z.string().default(''),
      subresource: z.string().default(''),
    })
    .optional(),
})
export type AuditEvent = z.infer<typeof eventSchema>

/**
 * Follows an API server's audit log from its current end.
 * @returns a function that reads the new events, by Audit-ID
 */
export function followAuditLog(file: string): () => Map<string, AuditEvent> {
  const fd = openSync(file, 'r')
  let at = fstatSync(fd).size
  closeSync(fd)
  let rest = ''
  const events = new Map<string, AuditEvent>()
  return () => {
    const opened = openSync(file, 'r')
    const fresh = Buffer.alloc(fstatSync(opened).size - at)
    at += readSync(opened, fresh, 0, fresh.length, at)
    closeSync(opened)
    const lines = (rest + fresh.toString('utf8')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const event = eventSchema.parse(JSON.parse(line))
      events.set(event.auditID, event)
    }
    return events
  }
}
