import { Badge } from '#components/ui/badge.tsx'

/** Beside the name of a space that an object on the cluster declares. */
export const GitMark = ({ object }: { object: string }) => (
  <span title={`Managed in Git, by ${object}`}>
    <Badge>
      <span aria-hidden="true">Git</span>
      <span className="sr-only">Managed in Git</span>
    </Badge>
  </span>
)
