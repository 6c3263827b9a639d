/** An empty table cell; cards omit the line (app/globals.css). */
export const NoValue = () => <span className="no-value">—</span>
