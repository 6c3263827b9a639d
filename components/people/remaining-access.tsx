import { CodeBlock } from '#components/ui/code-block.tsx'
import { Section } from '#components/ui/section.tsx'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { actingKinds, type RemainingAccess as Left, removalCommand } from '#lib/kernel/model/people/remaining-access.ts'
import { SpaceLink } from './space-link.tsx'

type Props = { left: readonly Left[]; isAdmin: boolean; defaultCluster: string }

/** What somebody who is out made in spaces that could act for them, and how members remove it. */
export function RemainingAccess({ left, isAdmin, defaultCluster }: Props) {
  if (left.length === 0) return null
  return (
    <Section
      title="What they left behind"
      description="ServiceAccounts, Roles and RoleBindings that they made or changed with kubectl, as the trail says, and that nobody has deleted with kubectl since. Pods may run with them. Spaceport has no right to remove them: the space’s owner does, by this command, and was told when the person was offboarded."
    >
      <ul className="space-y-4">
        {left.map(({ space, objects }) => (
          <li key={space.id} className="space-y-1.5">
            <p className="text-sm">
              <SpaceLink space={space} defaultCluster={defaultCluster} linked={isAdmin} />
              <span className="text-muted">
                {' '}
                · {inNumber(objects.length, 'object')}:{' '}
                {objects.map(({ kind, name }) => `${actingKinds[kind]} ${name}`).join(', ')}
              </span>
            </p>
            <CodeBlock code={removalCommand(space.namespace, objects)} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
