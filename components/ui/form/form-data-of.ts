/** @returns what a form with these fields would send, for acts that no form on the page is about */
export function formDataOf(fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}
