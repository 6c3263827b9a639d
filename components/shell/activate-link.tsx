'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import type { ButtonSize } from '#components/ui/button-class.ts'
import { LinkButton } from '#components/ui/link-button.tsx'
import { activationPath } from './activation-path.ts'

/** A link to activate the admin role, which returns to the current page. */
export function ActivateLink({ size }: { size?: ButtonSize }) {
  const [path, search] = [usePathname(), useSearchParams().toString()]
  return (
    <LinkButton
      variant="primary"
      href={activationPath(search === '' ? path : `${path}?${search}`)}
      {...(size && { size })}
    >
      Activate admin role
    </LinkButton>
  )
}
