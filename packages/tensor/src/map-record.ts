/** The same names with other values. */
export function mapRecord<Value, Result>(
  record: Readonly<Record<string, Value>>,
  replace: (value: Value, name: string) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, replace(value, name)]));
}
