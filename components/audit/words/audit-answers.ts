import type { AuditRow } from '#lib/features/audit/model/audit-view.ts'
import { processes } from '#lib/kernel/model/audit/observer.ts'
import type { Narrowing } from './narrowed-by.ts'
import { failureInWords, reasonInWords } from './reason-words.ts'
import { actorName } from './who.ts'

export type AuditAnswer = {
  question: string
  lines: string[]
  /** The filter and the text of the first line's link. */
  narrow?: { by: Narrowing; to: string }
}

const outcomes: Readonly<Record<AuditRow['outcome'], string>> = {
  ok: 'Done.',
  refused: 'Refused. Nothing was changed.',
  failed: 'Failed before it finished.',
  unknown: 'Not recorded. The process stopped before it could write the outcome.',
}

const present = (lines: readonly (string | null | undefined | false)[]): string[] =>
  lines.filter((line): line is string => Boolean(line))

const reasonOf = (row: AuditRow) => failureInWords(row) ?? (row.reason && reasonInWords(row.reason))

/** @returns the answers to the trail's seven questions about a row, and its outcome */
export function auditAnswers(row: AuditRow): AuditAnswer[] {
  const { actor, target } = row
  return [
    { question: 'Action', lines: [row.action], narrow: { by: { action: row.action }, to: 'this action' } },
    { question: 'Time', lines: [row.at.toISOString()] },
    {
      question: 'Who',
      lines: present([actorName(actor), actor.kind === 'system' ? actor.name : actor.handle]),
    },
    {
      question: 'Target',
      lines: present([
        present([target.kind, target.name]).join(' '),
        target.id,
        row.namespace && `namespace ${row.namespace}`,
        row.spaceId && row.spaceId !== target.id && `space ${row.spaceId}`,
      ]),
      narrow: { by: { text: present([target.kind, target.name]).join(' ') }, to: 'this target' },
    },
    { question: 'Observed by', lines: [row.observer] },
    { question: 'Source', lines: present([row.sourceAddress ?? 'No address', row.userAgent]) },
    { question: 'Destination', lines: [row.destination] },
    {
      question: 'Outcome',
      lines: [...new Set(present([outcomes[row.outcome], row.reason, reasonOf(row)]))],
      narrow: { by: { outcome: row.outcome }, to: 'this outcome' },
    },
  ]
}

/** Without a request, a process writes its own name (lib/worker/start-worker.ts). */
const isRequest = (id: string) => !processes.some((process) => process === id)

/** @returns the ids for finding the event in other logs */
export const auditIds = (row: AuditRow): [name: string, id: string][] => [
  ['Event ID', row.id],
  ['Sequence number', row.seq],
  ...(row.requestId && isRequest(row.requestId)
    ? [['Request ID in the logs', row.requestId] satisfies [string, string]]
    : []),
  ...(row.clusterAuditId ? [['API server Audit-ID', row.clusterAuditId] satisfies [string, string]] : []),
]
