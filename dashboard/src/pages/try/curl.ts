/** The same request for a shell. A token is named, not shown. */
export function curlCommand(url: string, body: string, hasToken: boolean): string {
  const lines = ["curl -sS", quoted(url), "-H 'Content-Type: application/json'"];
  if (hasToken) lines.push('-H "Authorization: Bearer $HERALD_TOKEN"');
  lines.push(`--data-binary ${quoted(body)}`);
  return lines.join(" \\\n  ");
}

/** A word for a POSIX shell, whatever is in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
