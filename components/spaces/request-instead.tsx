import { RequestAccessButton } from '#components/requests/request-access-button.tsx'
import { Alert } from '#components/ui/alert.tsx'
import type { Role } from '#lib/kernel/model/access/role.ts'
import type { SpaceAddress } from './space-path.ts'

type Props = {
  title: string
  children: string
  address: SpaceAddress
  /** The preselected role. */
  asks: Role
}

/** Explains what the person may not do here, and lets them request access. */
export function AskInstead({ title, children, address, asks }: Props) {
  return (
    <Alert
      kind="info"
      title={title}
      action={<RequestAccessButton space={address} asks={asks} variant="secondary" size="sm" />}
    >
      <p>{children}</p>
    </Alert>
  )
}
