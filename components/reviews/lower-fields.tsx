import { SelectField } from '#components/ui/select-field.tsx'

/** To which role one is lowered. @param below the role that it is now; several: any */
export const LowerFields = ({ below }: { below: string }) => (
  <>
    <p>It takes effect now, until the same end. Open connections that the lower role doesn’t allow are cut.</p>
    <SelectField
      label="New role"
      name="toRole"
      options={[
        { value: 'viewer', label: 'Viewer: sees everything but secrets' },
        ...(below === 'admin' ? [{ value: 'editor', label: 'Editor: changes workloads, not members' }] : []),
      ]}
    />
  </>
)
