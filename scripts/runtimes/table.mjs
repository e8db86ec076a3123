/** What came out, as a table in Markdown, and what is wrong with it. */

const columns = [
  "runtime",
  "version",
  "sections equal",
  "threads",
  "a worker traps",
  "a worker vanishes",
  "relaxed SIMD",
];

/** The first runtime is what the others are compared with. */
export function tableOf(results) {
  return [row(columns), row(columns.map(() => "---")), ...results.map((one) => rowOf(one, results[0]))].join(
    "\n",
  );
}

export function rowOf(result, reference) {
  const { name, missing, problem, report, deaths = [] } = result;
  if (missing) return row([name, `skipped: ${missing}`, "", "", "", "", ""]);
  if (problem) return row([name, "FAILED", "", "", "", "", ""]);
  const all = Object.keys(report.sections).length;
  const equal = all - differences(report, reference.report).length;
  return row([
    name,
    versionOf(report),
    `${equal} of ${all}`,
    report.calls > 0 ? "2" : "1",
    ...[0, 1].map((i) => deaths[i]?.report?.death ?? deaths[i]?.problem ?? ""),
    report.fused ? "yes" : "no",
  ]);
}

/** One line for everything that is not as it should be. */
export function complaintsOf(results) {
  const [reference] = results;
  return results.flatMap(({ name, shares, problem, report, deaths = [] }) => {
    if (problem) return [`${name}: ${problem}`];
    if (!report) return [];
    const different = differences(report, reference?.report).map(
      (section) =>
        `${name}: ${section} is ${report.sections[section]}, not ${reference.report?.sections[section]}`,
    );
    const threads =
      shares === report.calls > 0 ? [] : [`${name}: ${report.calls} calls were shared by threads`];
    const wrong = deaths.filter(
      ({ report: after }) => !/^(ThreadError|no error) after \d+ s$/.test(after?.death ?? ""),
    );
    return [...different, ...threads, ...wrong.map((death) => `${name}: ${JSON.stringify(death)}`)];
  });
}

function differences({ sections }, reference) {
  return Object.keys(sections).filter((name) => sections[name] !== reference?.sections[name]);
}

function row(cells) {
  return `| ${cells.join(" | ")} |`;
}

/** The part of what a runtime says of itself that matters here. */
function versionOf({ version, agent }) {
  const browser = agent.match(/(Firefox|Chrome|Version)\/[\d.]+/);
  return version ?? browser?.[0].replace("/", " ") ?? agent;
}
