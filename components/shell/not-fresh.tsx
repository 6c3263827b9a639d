import { Alert } from '#components/ui/alert.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'

/** Explains to a signed-in person why a fresh sign-in didn’t count. */
export function NotFresh({ problem, returnTo }: { problem: string; returnTo: string }) {
  return (
    <div className="mx-auto max-w-md space-y-6 pt-[10vh]">
      <h1>That sign-in wasn’t fresh</h1>
      <Alert kind="warn" title="You are still signed in" action={<LinkButton href={returnTo}>Back</LinkButton>}>
        <p>{problem}</p>
      </Alert>
    </div>
  )
}
