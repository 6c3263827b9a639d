import { DescriptionList } from '#components/ui/description-list.tsx'
import { auditAnswers, auditIds } from './audit-answers.ts'
import type { AuditListRow } from './audit-list-data.ts'

/** All details of one action: the seven questions, the ids, and the use case's notes. */
export function AuditDetails({ row }: { row: AuditListRow }) {
  const noted = Object.keys(row.detail).length > 0
  return (
    <div className="space-y-4 border-t bg-sunken px-4 py-4 sm:px-5">
      <DescriptionList
        items={[
          ...auditAnswers(row).map(({ question, lines }) => ({
            term: question,
            detail: lines.map((line) => (
              <span key={line} className="block break-words">
                {line}
              </span>
            )),
          })),
          ...auditIds(row).map(([term, id]) => ({
            term,
            detail: <span className="break-all font-mono text-xs">{id}</span>,
          })),
        ]}
      />
      {noted && (
        <div>
          <p className="mb-1 text-muted text-sm">Details</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
          <pre tabIndex={0} className="max-h-80 overflow-auto rounded-md border bg-surface p-3 font-mono text-xs">
            {JSON.stringify(row.detail, null, 2)}
          </pre>
        </div>
      )}
    </div>
  )
}
