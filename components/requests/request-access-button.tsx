import Form from 'next/form'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { Button } from '#components/ui/button.tsx'
import type { ButtonSize, ButtonVariant } from '#components/ui/button-class.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'

type Props = {
  /** Prefills the form. */
  space?: SpaceAddress
  asks?: Role
  variant?: ButtonVariant
  size?: ButtonSize
}

/** Opens the form to request a role in a space. */
export function RequestAccessButton({ space, asks, variant = 'primary', size = 'md' }: Props) {
  return (
    <Form action="/requests/new">
      {space && <input type="hidden" name="space" value={space.name} />}
      {space?.cluster && <input type="hidden" name="cluster" value={space.cluster} />}
      {asks && <input type="hidden" name="role" value={asks} />}
      <Button type="submit" variant={variant} size={size}>
        Request access
      </Button>
    </Form>
  )
}
