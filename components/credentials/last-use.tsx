import { RelativeTime } from '#components/ui/time/relative-time.tsx'

type Props = { at: Date | string | null; client: string | null; address: string | null }

/** When, with what and from where a kubeconfig was last used. */
export function LastUse({ at, client, address }: Props) {
  if (at === null) return <span className="text-muted">Never</span>
  const how = [client, address && `from ${address}`].filter(Boolean).join(', ')
  return (
    <>
      <RelativeTime at={at} />
      {how && <span className="block text-muted text-xs">{how}</span>}
    </>
  )
}
