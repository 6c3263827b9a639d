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

/** @returns whether something is chosen in a form that an address doesn't say */
export function isChosenAnew(form: HTMLFormElement, address: URLSearchParams): boolean {
  return [...form.elements].some(
    (control) =>
      isChosen(control) &&
      control.name !== '' &&
      (control instanceof HTMLSelectElement || control.checked ? control.value : '') !==
        (address.get(control.name) ?? ''),
  )
}

/** Whether a control's value is chosen rather than typed. */
export const isChosen = (control: unknown): control is HTMLSelectElement | HTMLInputElement =>
  control instanceof HTMLSelectElement || (control instanceof HTMLInputElement && control.type === 'checkbox')
