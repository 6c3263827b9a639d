import { Alert } from '#components/ui/alert.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'

/** Says why a fresh sign-in didn’t count, to somebody who is signed in all the same. */
export function NotFresh({ problem, returnTo }: { problem: string; returnTo: string }) {
  return (
    <div className="mx-auto max-w-md space-y-6 pt-[10vh]">
      <h1>That was no fresh sign-in</h1>
      <Alert kind="warn" title="You are signed in as before" action={<LinkButton href={returnTo}>Back</LinkButton>}>
        <p>{problem}</p>
      </Alert>
    </div>
  )
}
