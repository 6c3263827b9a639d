import type { CredentialMarks } from '#lib/kernel/model/people/credential-view.ts'

/** Below a kubeconfig's spaces: its owner's name for it, and the start of its token. */
export const Marks = ({ name, tokenStart }: CredentialMarks) =>
  name === null && tokenStart === null ? null : (
    <span className="wrap-anywhere block text-muted text-xs">
      {name !== null && <bdi className="text-ink">{name}</bdi>}
      {name !== null && tokenStart !== null && ' · '}
      {tokenStart !== null && <span className="font-mono">spt_{tokenStart}…</span>}
    </span>
  )
