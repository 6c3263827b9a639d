import { Badge } from '#components/ui/badge.tsx'
import type { ReviewState } from '#lib/kernel/model/requests/review.ts'
import { stateLooks } from './review-words.ts'

export function ReviewStateBadge({ state, role }: { state: ReviewState; role?: 'status' }) {
  const { label, tone, icon } = stateLooks[state]
  return (
    <Badge tone={tone} icon={icon} spinning={icon === 'progress'} {...(role && { role })}>
      {label}
    </Badge>
  )
}
