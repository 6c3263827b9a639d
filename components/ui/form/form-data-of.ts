/** @returns the data of a form with these fields, for actions without a form on the page */
export function formDataOf(fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}
