import { Alert } from '#components/ui/alert.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { requestAccessPath, type SpaceAddress } from './space-path.ts'

type Props = {
  title: string
  children: string
  /** Absent: asking would not help, e.g. because only owners may. */
  address?: SpaceAddress
}

/** Explains what one may not do here, and how to ask for it where that is possible. */
export function AskInstead({ title, children, address }: Props) {
  return (
    <Alert
      kind="info"
      title={title}
      action={
        address && (
          <LinkButton size="sm" href={requestAccessPath(address)}>
            Request access
          </LinkButton>
        )
      }
    >
      <p>{children}</p>
    </Alert>
  )
}
