import { quotaLabel } from '#components/spaces/quota-words.ts'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { Alert } from '#components/ui/alert.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { type Size, sizes, sizeWithin } from '#lib/domain/size.ts'
import type { BlockedByQuota as Blocked } from '#lib/domain/space-inside.ts'

type Props = {
  blocked: Blocked
  address: SpaceAddress
  size: Size
  /** The largest that needs no approval. */
  maxSize: Size
  /** Whether the person may change the size or request a larger one. */
  mayResize: boolean
  owner: string
}

/** Says what ran out and what waits for it, with the way to more. */
export function BlockedByQuota({ blocked, address, size, maxSize, mayResize, owner }: Props) {
  const next = sizes[sizes.indexOf(size) + 1]
  return (
    <Alert
      kind="warn"
      title="Blocked by quota"
      action={
        mayResize &&
        next && (
          <LinkButton href={`${spacePath(address, 'settings', { size: next })}#size`} variant="secondary" size="sm">
            {sizeWithin(next, maxSize) ? `Change to size ${next}` : `Request size ${next}`}
          </LinkButton>
        )
      }
    >
      <p>
        <Waiting of={blocked.workloads} /> can’t start more pods. Used up: {listed(blocked.resources.map(quotaLabel))}.{' '}
        {adviceFor(next, mayResize, owner)}
      </p>
    </Alert>
  )
}

function adviceFor(next: Size | undefined, mayResize: boolean, owner: string): string {
  if (!next) return 'This is the largest size: make room, or use another space.'
  return mayResize ? 'Make room, or get a larger size.' : `Make room, or ask ${owner} or an admin for a larger size.`
}

const shownAtMost = 3

function Waiting({ of }: { of: Blocked['workloads'] }) {
  const names = of.slice(0, shownAtMost)
  const more = of.length - names.length
  return (
    <>
      {names.map(({ kind, name }, index) => (
        <span key={`${kind}/${name}`}>
          {index > 0 && ', '}
          <span className="wrap-anywhere font-medium font-mono">{name}</span>
        </span>
      ))}
      {more > 0 && ` and ${more} more`}
    </>
  )
}

const listed = (words: readonly string[]): string => new Intl.ListFormat('en').format(words)
