import Form from 'next/form'
import { Button } from '#components/ui/button.tsx'

/** Leads to the form that asks for a role; prefilled where the space is known. */
export function RequestAccessButton({ space, role }: { space?: string; role?: string }) {
  return (
    <Form action="/requests/new">
      {space && <input type="hidden" name="space" value={space} />}
      {role && <input type="hidden" name="role" value={role} />}
      <Button type="submit" variant="primary" icon="plus">
        Request access
      </Button>
    </Form>
  )
}
