import { Badge } from '#components/ui/badge.tsx'
import type { RequestDetail } from '#lib/kernel/model/requests/request-view.ts'
import { chipLabels } from './risk-words.ts'

/** The risks to check before deciding, one chip each. */
export function RiskChips({ request }: { request: RequestDetail }) {
  const labels = chipLabels(request)
  if (labels.length === 0)
    return request.payload.kind === 'role' ? <Badge icon="check">{harmless(request)}</Badge> : null
  return (
    <ul aria-label="Risks" className="flex flex-wrap gap-1.5">
      {labels.map((label) => (
        <li key={label}>
          <Badge tone="warn" icon="alert-triangle">
            {label}
          </Badge>
        </li>
      ))}
    </ul>
  )
}

const harmless = ({ gained }: RequestDetail) => (gained.length > 0 ? 'Read only' : 'No new cluster permissions')
