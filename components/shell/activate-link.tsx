'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import type { ButtonSize } from '#components/ui/button-class.ts'
import { LinkButton } from '#components/ui/link-button.tsx'

/** @returns the page where a platform admin activates their role, and that leads back to a path of ours */
export const activationPath = (back: string): string => `/profile/admin-role?${new URLSearchParams({ continue: back })}`

/** Leads to where a platform admin activates their role, and back to the page that it is on. */
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
