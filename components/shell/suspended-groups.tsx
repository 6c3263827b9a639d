'use client'

import { usePathname } from 'next/navigation'
import { Alert } from '#components/ui/alert.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'

/** Shown on every page while a person's roles from groups are suspended, since any page may lack something. */
export function SuspendedGroups() {
  const path = usePathname()
  if (path === '/sign-in') return null
  return (
    <Alert
      kind="warn"
      title="Your roles from groups are suspended until you sign in again"
      className="mb-6"
      action={
        <form method="post" action="/api/auth/signin/again">
          <input type="hidden" name="callbackUrl" value={path} />
          <SubmitButton size="sm" icon="key">
            Sign in again
          </SubmitButton>
        </form>
      }
    >
      <p>
        The identity provider hasn’t confirmed your groups recently. Your own spaces and direct roles are not affected.
      </p>
    </Alert>
  )
}
