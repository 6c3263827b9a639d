import type { ReactNode } from 'react'
import { Alert } from '#components/ui/alert.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { Logo } from '#components/ui/logo.tsx'
import type { SignOutNotice } from '#lib/kernel/model/people/sign-out-outcome.ts'

type Props = {
  /** The providers; with only one, the button doesn't show its name. */
  providers: readonly { id: string; name: string }[]
  callbackUrl: string
  problem: string | null
  signedOut: SignOutNotice | null
  sessionEnded: boolean
  /** The company's help page for Spaceport; empty: none. */
  helpUrl: string
  /** Beside the form, where there is room. */
  scene: ReactNode
}

export function SignInCard({ providers, callbackUrl, problem, signedOut, sessionEnded, helpUrl, scene }: Props) {
  return (
    <div className="mx-auto grid max-w-md items-center gap-x-20 overflow-x-clip pt-[10vh] lg:min-h-[75dvh] lg:max-w-none lg:pt-0 lg:grid-cols-[minmax(0,24rem)_minmax(0,1fr)]">
      <div className="relative z-1 flex flex-col gap-6">
        <div className="text-lg">
          <Logo />
        </div>
        <div>
          <h1>Your own namespace, in under a minute</h1>
          <p className="mt-2 text-muted">
            Create spaces on shared Kubernetes clusters, share them with your team, and use them with plain kubectl.
          </p>
        </div>
        {problem !== null && (
          <Alert kind="bad" title="You are not signed in" live>
            <p>{problem}</p>
          </Alert>
        )}
        {problem === null && signedOut && (
          <Alert kind={signedOut.kind} title={signedOut.title}>
            <p>{signedOut.text}</p>
          </Alert>
        )}
        {problem === null && signedOut === null && sessionEnded && (
          <Alert kind="info" title="Your session has ended">
            <p>Sessions last 8 hours, or 1 hour without activity. Sign in to pick up where you left off.</p>
          </Alert>
        )}
        <div className="space-y-2">
          {providers.map(({ id, name }, at) => (
            <form key={id} method="post" action={`/api/auth/signin/${id}`}>
              <input type="hidden" name="callbackUrl" value={callbackUrl} />
              <SubmitButton icon="key" variant={at === 0 ? 'primary' : 'secondary'} className="w-full">
                {providers.length === 1 ? 'Sign in' : `Sign in with ${name}`}
              </SubmitButton>
            </form>
          ))}
        </div>
        <p className="text-muted text-sm">
          You sign in with your company’s single sign-on. Your groups there determine what you can do here.
          {helpUrl !== '' && (
            <>
              {' '}
              <a href={helpUrl} target="_blank" rel="noreferrer" className="text-link">
                Get help
              </a>
            </>
          )}
        </p>
      </div>
      {scene}
    </div>
  )
}
