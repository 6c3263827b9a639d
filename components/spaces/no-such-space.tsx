'use client'

import { useParams, useSearchParams } from 'next/navigation'
import { useSyncExternalStore } from 'react'
import { RequestAccessButton } from '#components/requests/request-access-button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { sawDeleting } from './deleting-space.ts'

const never = () => () => {}

/** Shown for a space that doesn't exist, and identically for one that the person may not know about. */
export function NoSuchSpace() {
  const params = useParams()
  const cluster = useSearchParams().get('cluster') ?? undefined
  const name = typeof params.name === 'string' ? decoded(params.name) : ''
  // Read during rendering: an effect would show “not found” for a moment first.
  const deleted = useSyncExternalStore(
    never,
    () => sawDeleting({ name, cluster }),
    () => false,
  )

  if (deleted) {
    return (
      <EmptyState
        icon="check-circle"
        heading="h1"
        title={`${name} has been deleted`}
        action={
          <LinkButton href="/" variant="primary">
            Go to spaces
          </LinkButton>
        }
      >
        The namespace and everything in it are gone.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon="lock"
      heading="h1"
      title="Space not found"
      action={
        <>
          {name && <RequestAccessButton space={{ name, cluster }} />}
          <LinkButton href="/">Go to spaces</LinkButton>
        </>
      }
    >
      {name ? <span className="wrap-anywhere font-mono text-ink">{name}</span> : 'This space'} doesn’t exist, or you
      aren’t a member. If you know it exists, request access from its owner.
    </EmptyState>
  )
}

/** Decodes a part of the address; invalid encodings stay as they are. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
