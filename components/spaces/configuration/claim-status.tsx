import { Badge } from '#components/ui/badge.tsx'

/** The phase of a PersistentVolumeClaim. */
export const ClaimStatus = ({ status }: { status: string }) =>
  status === 'Bound' ? (
    <Badge tone="ok" icon="check-circle">
      Bound
    </Badge>
  ) : (
    <Badge tone={status === 'Lost' ? 'bad' : 'warn'} icon={status === 'Lost' ? 'alert-triangle' : 'clock'}>
      {status || 'Unknown'}
    </Badge>
  )
