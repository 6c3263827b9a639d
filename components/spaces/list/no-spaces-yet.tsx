import type { ReactNode } from 'react'
import { hexagon } from '#components/spaces/state-drawings.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'

/** Instead of an empty list: the way to a first space. Its button replaces the one at the top of the page (app/page.tsx). */
export const NoSpacesYet = () => (
  <div data-no-spaces className="space-y-3">
    <EmptyState
      icon="space"
      title="No spaces yet"
      action={
        <LinkButton href="/spaces/new" variant="primary" icon="plus">
          New space
        </LinkButton>
      }
    >
      A space is your own Kubernetes namespace, with a quota, isolation from other spaces, and a kubeconfig that works
      with plain kubectl. It’s ready in seconds.
    </EmptyState>
    <ol className="grid overflow-hidden rounded-lg border bg-surface max-sm:divide-y sm:grid-cols-3 sm:divide-x">
      <Step number={1} title="Create a space">
        Choose a name and a size.
      </Step>
      <Step number={2} title="Download its kubeconfig">
        One click, on the space’s page.
      </Step>
      <Step number={3} title="Use kubectl">
        <code className="font-mono">kubectl get pods</code>
      </Step>
    </ol>
  </div>
)

const Step = ({ number, title, children }: { number: number; title: string; children: ReactNode }) => (
  <li className="flex gap-3 p-4">
    <span aria-hidden="true" className="relative grid size-7 shrink-0 place-items-center text-accent">
      <svg viewBox="0 0 20 20" aria-hidden="true" className="absolute size-full fill-none stroke-current">
        <path d={hexagon} />
      </svg>
      <span className="font-semibold text-xs">{number}</span>
    </span>
    <div className="min-w-0">
      <h3>{title}</h3>
      <p className="text-muted text-sm">{children}</p>
    </div>
  </li>
)
