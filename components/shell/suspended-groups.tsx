'use client'

import { usePathname } from 'next/navigation'
import { Alert } from '#components/ui/alert.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'

/** Says that somebody's groups give them nothing for now, on every page, since what they miss may be any of them. */
export function SuspendedGroups() {
  const path = usePathname()
  if (path === '/sign-in') return null
  return (
    <Alert
      kind="warn"
      title="Your roles from groups are paused until you sign in again"
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
      <p>The identity provider last confirmed your groups too long ago. Your own spaces and roles are not affected.</p>
    </Alert>
  )
}
