import type { ReactNode } from 'react'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import type { FirstSteps as Done } from '#lib/features/spaces/model/first-steps.ts'
import { HideSteps } from './hide-steps.tsx'
import { StepGlyph } from './step-glyph.tsx'

type Props = {
  address: SpaceAddress
  steps: Done
  /** Whether they may grant roles here. */
  mayInvite: boolean
}

/** The steps from an empty space to a used one. Each is ticked off automatically. */
export const FirstSteps = ({ address, steps, mayInvite, download }: Props & { download: ReactNode }) => (
  <ol className="divide-y rounded-lg border bg-surface">
    <Step done title="Create the space" />
    <Step done={steps.connected} title="Download a kubeconfig">
      {!(steps.connected && steps.used) && download}
    </Step>
    <Step done={false} title="Deploy something">
      <span className="mb-2 block">Any image will do. It shows up here as soon as it starts.</span>
      <CodeBlock code="kubectl create deployment web --image=nginx" />
    </Step>
    {mayInvite && (
      <Step
        done={steps.shared}
        title="Invite your team"
        action={
          <LinkButton href={spacePath(address, 'access')} size="sm">
            Add members
          </LinkButton>
        }
      >
        Give people or groups a role, for as long as they need it.
      </Step>
    )}
  </ol>
)

type StepProps = { done: boolean; title: string; action?: ReactNode; children?: ReactNode }

const Step = ({ done, title, action, children }: StepProps) => (
  <li className="flex gap-3 p-4">
    <StepGlyph done={done} />
    <div className="flex min-w-0 flex-1 items-start justify-between gap-x-4 gap-y-2 max-sm:flex-col max-sm:items-stretch">
      <div className="min-w-0 flex-1">
        <h3 className={done ? 'text-muted' : undefined}>
          {title}
          {done && <span className="sr-only"> (done)</span>}
        </h3>
        {children && <div className="mt-1 text-muted text-sm">{children}</div>}
      </div>
      {action && <div>{action}</div>}
    </div>
  </li>
)

/** What is left of the first steps once something runs: one line, until it is hidden. */
export function RemainingSteps({ address, steps: { connected, shared }, mayInvite }: Props) {
  const left = [
    ...(connected ? [] : [{ title: 'Download a kubeconfig', view: 'connect' as const }]),
    ...(mayInvite && !shared ? [{ title: 'Invite your team', view: 'access' as const }] : []),
  ]
  const all = mayInvite ? 4 : 3
  return (
    <section
      aria-label="First steps"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg border bg-surface py-1.5 pr-1.5 pl-4 text-sm"
    >
      <p className="text-muted">
        First steps: {all - left.length} of {all} done
      </p>
      {left.map(({ title, view }) => (
        <LinkButton key={view} href={spacePath(address, view)} size="sm" variant="quiet" icon="arrow-right">
          {title}
        </LinkButton>
      ))}
      <span className="ml-auto">
        <HideSteps />
      </span>
    </section>
  )
}
