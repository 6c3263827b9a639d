import { canonicalJson, type Json } from '#lib/kernel/model/canonical-json.ts'
import { csvLine } from '#lib/kernel/model/csv.ts'
import { groupLabel } from '#lib/kernel/model/people/group-label.ts'
import type {
  LineKind,
  LineState,
  ReviewedBinding,
  ReviewRule,
  ReviewScope,
} from '#lib/kernel/model/requests/review.ts'
import type { LineCounts } from './review-view.ts'

export type ReportedLine = {
  id: string
  kind: LineKind
  state: LineState
  space: string
  cluster: string
  holder: string
  group: string | null
  groupIssuer: string | null
  role: string
  wasRole: string | null
  since: Date | null
  until: Date | null
  givenBy: string | null
  lastUsedAt: Date | null
  unused: boolean
  binding: ReviewedBinding | null
  decidedAt: Date | null
  decidedBy: string | null
  toRole: string | null
  reason: string | null
}

type Reported = {
  id: string
  name: string
  scope: ReviewScope
  undecided: ReviewRule
  at: Date
  dueAt: Date
  by: string | null
  closedBy: string | null
  closeReason: string | null
  counts: LineCounts
  clusters: { name: string; spaces: number; finishedAt: Date | null; failure: string | null }[]
}

const instant = (at: Date | null): string | null => at?.toISOString() ?? null

/**
 * A closed review's report is one canonical JSON object (RFC 8785), written in chunks. Its SHA-256 equals that of the
 * file. Canonical key order puts the lines in the middle.
 * @returns the text before and after the lines
 */
export function reportFrame(review: Reported, closedAt: Date): { head: string; tail: string } {
  const { scope, counts, clusters } = review
  const text = canonicalJson({
    kind: 'spaceport.dev/access-review',
    version: 1,
    id: review.id,
    name: review.name,
    scope,
    undecided: review.undecided,
    startedAt: review.at.toISOString(),
    startedBy: review.by,
    dueAt: review.dueAt.toISOString(),
    closedAt: closedAt.toISOString(),
    closedBy: review.closedBy,
    closeReason: review.closeReason,
    counts,
    clusters: clusters.map(({ name, spaces, finishedAt, failure }) => ({
      name,
      spaces,
      finishedAt: instant(finishedAt),
      failure,
    })),
    lines: [],
  })
  const at = text.indexOf('"lines":[') + '"lines":['.length
  return { head: text.slice(0, at), tail: text.slice(at) }
}

/** @returns lines as JSON, to place between head and tail */
export const reportLines = (lines: readonly ReportedLine[]): string =>
  lines.map((line) => canonicalJson(reportLine(line))).join(',')

function reportLine({ group, groupIssuer, ...line }: ReportedLine): Json {
  return {
    ...line,
    group: group === null ? null : { name: group, issuer: groupIssuer },
    since: instant(line.since),
    until: instant(line.until),
    lastUsedAt: instant(line.lastUsedAt),
    decidedAt: instant(line.decidedAt),
  }
}

export const reviewHeader = csvLine([
  'cluster',
  'space',
  'kind',
  'person',
  'group',
  'role',
  'role_at_start',
  'since',
  'until',
  'given_by',
  'last_used',
  'unused',
  'binding',
  'decision',
  'to_role',
  'decided_by',
  'decided_at',
  'reason',
])

/**
 * @returns a CSV line. Instants are ISO 8601, UTC.
 * @param issuer the configured provider
 */
export const reviewLine = (line: ReportedLine, issuer: string): string =>
  csvLine([
    line.cluster,
    line.space,
    line.kind,
    line.kind === 'binding' || line.group !== null ? null : line.holder,
    line.group && groupLabel(line.group, line.groupIssuer === issuer ? null : line.groupIssuer),
    line.role,
    line.wasRole,
    instant(line.since),
    instant(line.until),
    line.givenBy,
    instant(line.lastUsedAt),
    line.unused ? 'yes' : 'no',
    line.binding && `${line.binding.kind}/${line.binding.name}: ${line.holder}`,
    line.state,
    line.toRole,
    line.decidedBy ?? (line.decidedAt && line.state !== 'ended' ? 'nobody' : null),
    instant(line.decidedAt),
    line.reason,
  ])
