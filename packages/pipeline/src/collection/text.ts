/// <reference lib="es2024.string" />

/** A text as it can be stored: half a surrogate pair, which no encoding can carry, becomes U+FFFD. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

/** JSON text of what was parsed; values nested too deeply to be written down again are said to be so. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '(nested too deeply to be written down)';
  }
}
