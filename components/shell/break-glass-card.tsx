'use client'

import { type FormEvent, useEffect, useRef } from 'react'
import { Alert } from '#components/ui/alert.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Logo } from '#components/ui/logo.tsx'

type Props = { action: string; problem: string | null }

/** The form for the break-glass code, and what using it means. */
export function BreakGlassCard({ action, problem }: Props) {
  const sendOnce = useSendOnce()
  return (
    <div className="mx-auto flex max-w-md flex-col gap-6 pt-[10vh]">
      <div className="text-lg">
        <Logo />
      </div>
      <div>
        <h1>Break-glass account</h1>
        <p className="mt-2 text-muted">
          For the day when nobody can sign in at the identity provider. A code works once and makes you a platform admin
          for an hour. All platform admins are told at once.
        </p>
      </div>
      {problem !== null && (
        <Alert kind="bad" title="You are not signed in" live>
          <p>{problem}</p>
        </Alert>
      )}
      <form method="post" action={action} onSubmit={sendOnce} className="space-y-4">
        <TextField
          label="Code"
          name="code"
          mono
          required
          maxLength={100}
          hint="Eight groups of four characters. Small letters and blanks don’t matter."
        />
        <SubmitButton icon="key" className="w-full">
          Sign in with this code
        </SubmitButton>
      </form>
      <LinkButton href="/sign-in">Sign in the usual way</LinkButton>
    </div>
  )
}

/**
 * @returns what keeps a form from being sent again while its answer is awaited: the browser would drop that answer, and
 *   with it the session for which the code was used up
 */
function useSendOnce() {
  const sent = useRef(false)
  useEffect(() => {
    const again = () => {
      sent.current = false
    }
    // Back to this page, as the browser kept it.
    window.addEventListener('pageshow', again)
    return () => window.removeEventListener('pageshow', again)
  }, [])
  return (event: FormEvent) => {
    if (sent.current) event.preventDefault()
    sent.current = true
  }
}
