import { RelativeTime } from './relative-time.tsx'

/** When a person or thing was last seen; null: never. */
export const LastSeen = ({ at }: { at: Date | string | null }) =>
  at === null ? <span className="text-muted">Never</span> : <RelativeTime at={at} />
