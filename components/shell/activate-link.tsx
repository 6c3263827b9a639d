'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import type { ButtonSize } from '#components/ui/button-class.ts'
import { LinkButton } from '#components/ui/link-button.tsx'

/** @returns the path of the page for activating the admin role, which returns to `back` afterwards */
export const activationPath = (back: string): string => `/profile/admin-role?${new URLSearchParams({ continue: back })}`

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
