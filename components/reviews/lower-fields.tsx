import { SelectField } from '#components/ui/form/select-field.tsx'

/**
 * Chooses the lower role.
 * @param below the current role; `admin` for several lines
 */
export const LowerFields = ({ below }: { below: string }) => (
  <>
    <p>
      This takes effect immediately and keeps the role’s end. Open connections that the lower role doesn’t allow are
      closed.
    </p>
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
