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

export function tableOf(results) {
  const reference = referenceOf(results);
  return [columns, columns.map(() => "---")]
    .map(row)
    .concat(results.map((one) => rowOf(one, reference)))
    .join("\n");
}

/** The first runtime that could be had; the others are compared with it. */
export function referenceOf(results) {
  return results.find(({ report }) => report)?.report;
}

export function rowOf({ name, missing, problem, report, deaths = [] }, reference) {
  if (missing) return row([name, `skipped: ${missing}`, "", "", "", "", ""]);
  if (problem) return row([name, "FAILED", "", "", "", "", ""]);
  const all = Object.keys(report.sections).length;
  const ends = [0, 1].map((i) => deaths[i]?.report?.death ?? (deaths[i] ? "FAILED" : ""));
  return row([
    name,
    versionOf(report),
    `${all - differences(report, reference).length} of ${all}`,
    report.calls > 0 ? "2" : "1",
    ...ends,
    report.fused ? "yes" : "no",
  ]);
}

/** One line for everything that is not as it should be. */
export function complaintsOf(results) {
  const reference = referenceOf(results);
  if (reference === undefined) results = [...results, { name: "all", problem: "no runtime ran" }];
  return results.flatMap(({ name, shares, problem, report, deaths = [] }) => {
    if (problem) return [`${name}: ${problem}`];
    if (!report) return [];
    const different = differences(report, reference).map(
      (section) => `${name}: ${section} is ${report.sections[section]}, not ${reference.sections[section]}`,
    );
    const didShare = report.calls > 0;
    const threads = shares === didShare ? [] : [`${name}: ${report.calls} calls were shared by threads`];
    const wrong = deaths.filter(({ report }) => !/^(ThreadError|no error) after \d+ s$/.test(report?.death));
    return [...different, ...threads, ...wrong.map((death) => `${name}: ${JSON.stringify(death)}`)];
  });
}

/** Sections that this runtime computed otherwise, or that only one of the two has, or that failed. */
function differences({ sections }, reference) {
  const names = new Set([...Object.keys(sections), ...Object.keys(reference.sections)]);
  return [...names].filter(
    (name) => sections[name] !== reference.sections[name] || sections[name].startsWith("failed"),
  );
}

function row(cells) {
  return `| ${cells.join(" | ")} |`;
}

/** The part of what a runtime says of itself that matters here. */
function versionOf({ version, agent }) {
  const browser = agent.match(/(Firefox|Chrome|Version)\/[\d.]+/);
  return version ?? browser?.[0].replace("/", " ") ?? agent;
}
