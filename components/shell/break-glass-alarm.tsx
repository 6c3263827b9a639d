'use client'

import { usePathname } from 'next/navigation'
import { personPath } from '#components/people/people-list-data.ts'
import { ActDialog } from '#components/ui/act-dialog.tsx'
import { Alert } from '#components/ui/alert.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { BreakGlassUse } from '#lib/kernel/model/people/break-glass-account.ts'
import { ActivateLink } from './activate-link.tsx'

type Props = {
  alarm: BreakGlassUse & { isOwn: boolean; mayAcknowledge: boolean }
  mayActivate: boolean
  acknowledge: FormAction
}

/** Shown to every platform admin on every page until one of them acknowledges it. */
export function BreakGlassAlarm({ alarm, mayActivate, acknowledge }: Props) {
  // Layouts survive navigation: see the header.
  if (usePathname().startsWith('/sign-in')) return null
  const { id, at, handle, sourceAddress, isOwn, mayAcknowledge } = alarm
  return (
    <section aria-label="Alarm" className="mb-6">
      <Alert
        kind="bad"
        title={isOwn ? 'You signed in with the break-glass account' : 'Someone signed in with the break-glass account'}
        action={
          mayAcknowledge ? (
            <div className="flex flex-wrap gap-2">
              <LinkButton size="sm" href={personPath(handle)}>
                See what they did
              </LinkButton>
              <ActDialog
                label="Acknowledge"
                title="Acknowledge this use of the break-glass account?"
                action={acknowledge}
                given={{ id }}
                reason="Who used it, and why. This is recorded in the audit trail."
                variant="secondary"
                size="sm"
              >
                <p>The alarm disappears for all platform admins. Sessions continue.</p>
                <p className="text-muted">
                  The code has been used. Ask an operator to create a new one for the next envelope.
                </p>
              </ActDialog>
            </div>
          ) : (
            mayActivate && <ActivateLink size="sm" />
          )
        }
      >
        <p>
          As <code className="font-mono">{handle}</code>, <RelativeTime at={new Date(at)} />
          {sourceAddress !== null && ` from ${sourceAddress}`}, without the identity provider.{' '}
          {isOwn
            ? 'All platform admins have been notified.'
            : 'If no one knows who it was, end the session and find out who had access to the code.'}
        </p>
      </Alert>
    </section>
  )
}
