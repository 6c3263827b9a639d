/** Lets a form's controls show what an address says: it changes without the form too, by a link or the browser's Back. */
export function fillIn(form: HTMLFormElement, address: URLSearchParams): void {
  for (const control of form.elements) {
    if (!(control instanceof HTMLInputElement || control instanceof HTMLSelectElement)) continue
    const { name, type } = control
    if (name === '' || type === 'hidden') continue
    if (control instanceof HTMLInputElement && type === 'checkbox')
      control.checked = address.get(name) === control.value
    else control.value = address.get(name) ?? ''
  }
}
