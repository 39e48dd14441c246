/** Text as text, also within a quoted attribute; what HTML cannot hold becomes U+FFFD. */
export function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\x20-\x7e\u{a0}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
    .replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
