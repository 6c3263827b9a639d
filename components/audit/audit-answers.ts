import type { AuditRow } from '#lib/domain/audit-view.ts'
import { failureInWords } from './activity-words.ts'

export type AuditAnswer = { question: string; lines: string[] }

/** @returns who did it, in a word or two */
export function actorName({ kind, name, handle }: AuditRow['actor']): string {
  if (kind === 'anonymous') return 'Somebody not signed in'
  if (kind === 'system') return 'Spaceport'
  return name ?? handle ?? 'Somebody'
}

/** @returns what it was done to, as far as it has a name */
export const targetName = ({ target, namespace }: AuditRow): string | null => target.name ?? namespace ?? target.id

const outcomes: Readonly<Record<AuditRow['outcome'], string>> = {
  ok: 'It was done.',
  refused: 'It was refused; nothing was done.',
  failed: 'It failed on the way.',
  unknown: 'Nobody wrote down how it ended: the process stopped in between.',
}

const present = (lines: readonly (string | null | undefined | false)[]): string[] =>
  lines.filter((line): line is string => Boolean(line))

/** @returns the seven questions of the trail, and how it ended, each with what the row knows of it */
export function auditAnswers(row: AuditRow): AuditAnswer[] {
  const { actor, target } = row
  return [
    { question: 'What', lines: [row.action] },
    { question: 'When', lines: [row.at.toISOString()] },
    {
      question: 'Who',
      lines: present([actorName(actor), actor.kind === 'system' ? actor.name : actor.handle]),
    },
    {
      question: 'On what',
      lines: present([
        present([target.kind, target.name]).join(' '),
        target.id,
        row.namespace && `namespace ${row.namespace}`,
        row.spaceId && row.spaceId !== target.id && `space ${row.spaceId}`,
      ]),
    },
    { question: 'Observed by', lines: [row.observer] },
    { question: 'From where', lines: present([row.sourceAddress ?? 'no address', row.userAgent]) },
    { question: 'Going where', lines: [row.destination] },
    {
      question: 'How it ended',
      lines: [...new Set(present([outcomes[row.outcome], row.reason, failureInWords(row)]))],
    },
  ]
}

/** @returns the ids by which it is found in other logs */
export const auditIds = (row: AuditRow): [name: string, id: string][] => [
  ['Event', row.id],
  ['Place in the trail', row.seq],
  ...(row.requestId ? [['Request id in the logs', row.requestId] satisfies [string, string]] : []),
  ...(row.clusterAuditId ? [['Audit-ID of the API server', row.clusterAuditId] satisfies [string, string]] : []),
]
