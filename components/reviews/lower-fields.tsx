import { SelectField } from '#components/ui/form/select-field.tsx'

/** Chooses the lower role. @param below the role now; `admin` if several lines are lowered at once */
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
