import type { AuditRow } from './audit-view.ts'

/** The people, spaces and credentials that rows refer to only by handle or id. */
export type AuditMentions = { handles: string[]; spaces: string[]; credentials: string[] }

type Mentioning = Pick<AuditRow, 'target' | 'spaceId' | 'detail'>

/** The details with a person's handle. */
const handleKeys = ['requester', 'from', 'to', 'owner', 'offboarded', 'person']
const isHandle = (text: unknown): text is string => typeof text === 'string' && /^[a-z0-9-]{1,60}$/.test(text)
const isId = (text: unknown): text is string =>
  typeof text === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** @returns the references in the rows: at most eight people, one space and one credential per row */
export function mentionsOf(rows: readonly Mentioning[]): AuditMentions {
  const [handles, spaces, credentials] = [new Set<string>(), new Set<string>(), new Set<string>()]
  for (const { target, spaceId, detail } of rows) {
    const principal = detail.principal
    const named = [
      ...handleKeys.map((key) => detail[key]),
      target.kind === 'person' ? target.name : null,
      typeof principal === 'string' && principal.startsWith('user:') ? principal.slice('user:'.length) : null,
    ]
    for (const handle of named) if (isHandle(handle)) handles.add(handle)
    const space = spaceId ?? (target.kind === 'space' ? target.id : null)
    if (isId(space)) spaces.add(space)
    if (target.kind === 'credential' && isId(target.id)) credentials.add(target.id)
  }
  return { handles: [...handles], spaces: [...spaces], credentials: [...credentials] }
}
