import { type SpaceStatus as Status, statusLabels } from '#lib/kernel/model/spaces/space-status.ts'
import { StateLabel } from './state-label.tsx'

type Props = {
  status: Status
  /** Only for the one status of a space's own page, where changes are announced. */
  role?: 'status'
}

/** A space’s status, without what is inside: see SpaceCondition. */
export const SpaceStatus = ({ status, ...role }: Props) => (
  <StateLabel state={status} {...role}>
    {statusLabels[status]}
  </StateLabel>
)
