/**
 * The numbers behind a figure as CSV (RFC 4180): one header line with units, then rows. Numbers are written so that
 * reading them back gives the same float64; a value that is not a number is an empty cell.
 */

export function csv(header: readonly string[], rows: Iterable<readonly (string | number)[]>): string {
  let lines = `${header.map(cell).join(',')}\n`;
  for (const row of rows) lines += `${row.map(cell).join(',')}\n`;
  return lines;
}

function cell(value: string | number): string {
  if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value);
  // A spreadsheet runs a cell that begins like a formula, and names come from file names; a space before keeps it text.
  const safe = /^[=+@\t\r-]/.test(value) ? ` ${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
