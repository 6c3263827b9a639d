import { randomUUID } from 'node:crypto'
import type { AuditEventInput } from '#lib/kernel/trail/audit-event.ts'

/** @returns an intent as the gateway writes it, of typical length */
export function makeEvent(): AuditEventInput & { id: string } {
  return {
    id: randomUUID(),
    action: 'kubectl.create',
    at: new Date(),
    actor: { kind: 'user', id: '00000000-0000-4000-8000-000000000001', handle: 'bench-person', name: 'Bench Person' },
    target: { kind: 'configmaps', name: 'settings' },
    namespace: 'bench-space',
    observer: 'gateway/bench',
    sourceAddress: '192.0.2.1',
    userAgent: 'kubectl/v1.36.3 (linux/amd64) kubernetes/1234567',
    destination: 'cluster/default',
    detail: { path: '/api/v1/namespaces/bench-space/configmaps', credential: '00000000-0000-4000-8000-000000000002' },
    requestId: randomUUID(),
  }
}
