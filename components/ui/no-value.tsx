/** Stands in a cell of a table that has nothing to say; a card leaves that line out (app/globals.css). */
export const NoValue = () => <span className="no-value">—</span>
