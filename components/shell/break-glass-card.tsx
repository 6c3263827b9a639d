'use client'

import { type FormEvent, useEffect, useRef } from 'react'
import { Alert } from '#components/ui/alert.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Logo } from '#components/ui/logo.tsx'

type Props = { action: string; problem: string | null }

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
          Use this only when the identity provider is unavailable. A code works once and makes you a platform admin for
          an hour. All platform admins are notified at once.
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
          hint="Eight groups of four characters. Not case-sensitive; spaces are ignored."
        />
        <SubmitButton icon="key" className="w-full">
          Sign in with this code
        </SubmitButton>
      </form>
      <LinkButton href="/sign-in">Back to normal sign-in</LinkButton>
    </div>
  )
}

/**
 * @returns a submit handler that prevents a second submit while the first is pending: the browser would drop the
 *   response, and with it the session that used up the code
 */
function useSendOnce() {
  const sent = useRef(false)
  useEffect(() => {
    const again = () => {
      sent.current = false
    }
    // The browser restored this page from its cache.
    window.addEventListener('pageshow', again)
    return () => window.removeEventListener('pageshow', again)
  }, [])
  return (event: FormEvent) => {
    if (sent.current) event.preventDefault()
    sent.current = true
  }
}
