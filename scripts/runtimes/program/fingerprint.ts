/** What a section yields: everything whose bits have to be the same. */
export type Findings = number | string | ArrayBufferView | readonly Findings[];

/** FNV-1a over all bytes, as eight hexadecimal digits. Numbers are float64, texts UTF-16. */
export function fingerprint(findings: Findings): string {
  let hash = 0x811c9dc5;
  const visit = (one: Findings): void => {
    if (typeof one === "number") visit(Float64Array.of(one));
    else if (typeof one === "string")
      visit(Uint16Array.from({ length: one.length }, (_, i) => one.charCodeAt(i)));
    else if (ArrayBuffer.isView(one)) {
      const bytes = new Uint8Array(one.buffer, one.byteOffset, one.byteLength);
      for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
    } else for (const part of one) visit(part);
  };
  visit(findings);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
